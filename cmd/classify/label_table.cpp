#include "cmd/classify/label_table.hpp"

#include <array>
#include <utility>

#include "cmd/classify/near_miss_note.hpp"

namespace claptools::cmd {

LabelTable::LabelTable(const LabelOptions& options, LabelPicker& picker, ScoreRows scores,
                       const Messages& messages)
    : options_(options),
      picker_(picker),
      messages_(messages),
      scores_(std::move(scores)),
      table_(options.table, {"id", "start_s", "end_s", "rank", "label", "score"}) {}

void LabelTable::begin(const EmbeddingHeader& header, const std::string& subject) {
  scores_.begin(header, false, subject);
}

void LabelTable::add(const EmbeddingRows& rows) {
  classify_rows(rows, picker_, options_.tags, [this](const ClassifiedRow& row) { print(row); });
}

void LabelTable::print(const ClassifiedRow& row) {
  if (options_.tags.multilabel) note_miss(row, miss_);
  const auto& [id, start_s, end_s] = row.segment;
  for (std::size_t rank = 0; rank < row.chosen.size(); ++rank) {
    const auto& [label, cosine] = row.chosen[rank];
    table_.row(std::array{text(id), number(start_s), number(end_s), count(rank + 1),
                          text(row.labels.names[label]), score(cosine)});
  }
  scores_.add(id, row.labels, row.scores, row.meta);
}

void LabelTable::close() {
  table_.close();
  scores_.close();
  note_near_miss(miss_, "label", messages_);
}

}  // namespace claptools::cmd
