#include "cmd/classify/label_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "cmd/classify/near_miss_note.hpp"

namespace claptools::cmd {

namespace {

const std::vector<std::string> kSegment = {"id", "start_s", "end_s"};

std::vector<std::string> columns_of(bool wide, const std::vector<std::string>& labels) {
  std::vector<std::string> columns = kSegment;
  if (!wide) {
    columns.insert(columns.end(), {"rank", "label", "score"});
    return columns;
  }
  for (const std::string& label : labels)
    columns.push_back(std::ranges::count(kSegment, label) > 0 ? "label." + label : label);
  return columns;
}

}  // namespace

LabelTable::LabelTable(const LabelOptions& options, LabelPicker& picker, ScoreRows scores,
                       const Messages& messages)
    : options_(options),
      tags_(options.tags),
      picker_(picker),
      messages_(messages),
      scores_(std::move(scores)),
      table_(options.table, columns_of(options.wide, picker.set().names)) {
  if (options.wide) tags_.k = picker.set().names.size();
}

void LabelTable::begin(const EmbeddingHeader& header, const std::string& subject) {
  scores_.begin(header, false, subject);
}

void LabelTable::add(const EmbeddingRows& rows) {
  classify_rows(rows, picker_, tags_, [this](const ClassifiedRow& row) { print(row); });
}

void LabelTable::print(const ClassifiedRow& row) {
  if (tags_.multilabel) note_miss(row, miss_);
  const auto& [id, start_s, end_s] = row.segment;
  if (options_.wide) {
    print_wide(row);
    return scores_.add(id, row.labels, row.scores, row.meta);
  }
  for (std::size_t rank = 0; rank < row.chosen.size(); ++rank) {
    const auto& [label, cosine] = row.chosen[rank];
    table_.row(std::array{text(id), number(start_s), number(end_s), count(rank + 1),
                          text(row.labels.names[label]), score(cosine)});
  }
  scores_.add(id, row.labels, row.scores, row.meta);
}

void LabelTable::print_wide(const ClassifiedRow& row) {
  std::vector<Cell> cells(row.labels.names.size());
  for (const auto& [label, value] : row.chosen) cells[label] = score(value);
  const std::array segment = {text(row.segment.id), number(row.segment.start_s),
                              number(row.segment.end_s)};
  cells.insert(cells.begin(), segment.begin(), segment.end());
  table_.row(cells);
}

void LabelTable::close() {
  table_.close();
  scores_.close();
  note_near_miss(miss_, "labels", messages_);
}

}  // namespace claptools::cmd
