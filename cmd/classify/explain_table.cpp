#include "cmd/classify/explain_table.hpp"

#include <array>

namespace claptools::cmd {
namespace {

/// "0-0.3125,2.5-3.125".
std::string spell(std::span<const TimeSpan> spans) {
  std::string text;
  for (const auto& [start_s, end_s] : spans)
    text += (text.empty() ? "" : ",") + number(start_s).value + "-" + number(end_s).value;
  return text;
}

}  // namespace

ExplainTable::ExplainTable(const LabelOptions& options, LabelPicker& picker, const Codebook& codes)
    : explainer_(picker, codes, options.tags, codewords_to_explain(options),
                 [this](const ExplainedMatch& match) { print(match); }),
      table_(options.table, {"id", "start_s", "end_s", "label", "score", "codeword", "contribution",
                             "audio_weight", "text_weight", "frames"}) {}

void ExplainTable::print(const ExplainedMatch& match) {
  const auto& [id, start_s, end_s] = match.segment;
  const SharedCodeword& shared = match.shared;
  table_.row(std::array{text(id), number(start_s), number(end_s), text(match.label),
                        score(match.cosine), count(shared.index), score(shared.contribution),
                        score(shared.audio_weight), score(shared.text_weight),
                        text(spell(match.spans))});
}

}  // namespace claptools::cmd
