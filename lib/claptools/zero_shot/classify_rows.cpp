#include "claptools/zero_shot/classify_rows.hpp"

#include "claptools/zero_shot/row_meta.hpp"

namespace claptools {
namespace {

/// Rows [first, first + size), which have the same labels.
void classify(const EmbeddingRows& rows, std::size_t first, std::size_t size, LabelPicker& picker,
              const TagOptions& options, const ClassifiedSink& sink) {
  const ClipLabels& own = picker.of(rows.segments[first].id);
  if (own.names.empty()) return;
  const Matrix scores = own.score(rows.embeddings.slice(first, size));
  for (std::size_t i = 0; i < size; ++i) {
    sink({rows.segments[first + i], own, scores.view().slice(i, 1),
          choose_labels(scores.row(i), own, picker.set(), options), meta_of(rows, first + i)});
  }
}

}  // namespace

std::vector<RankedClass> choose_labels(std::span<const float> cosines, const ClipLabels& own,
                                       const LabelSet& set, const TagOptions& options) {
  if (options.multilabel) return classes_above(cosines, own.thresholds);
  const std::size_t otherwise = set.phrases ? own.names.size() : 1;
  std::vector<RankedClass> chosen = top_classes(cosines, options.k > 0 ? options.k : otherwise);
  if (!options.softmax_scale) return chosen;
  const std::vector<float> probabilities = softmax(cosines, *options.softmax_scale);
  for (RankedClass& one : chosen) one.score = probabilities[one.index];
  return chosen;
}

/// All rows at once where they are compared with the same labels.
void classify_rows(const EmbeddingRows& rows, LabelPicker& picker, const TagOptions& options,
                   const ClassifiedSink& sink) {
  const std::size_t all = rows.segments.size(), step = picker.set().phrases ? 1 : all;
  for (std::size_t first = 0; first < all; first += step)
    classify(rows, first, step, picker, options, sink);
}

void note_miss(const ClassifiedRow& row, NearMiss& miss) {
  if (!row.chosen.empty()) miss.exceed();
  for (std::size_t c = 0; miss.is_open() && c < row.labels.names.size(); ++c)
    miss.add(row.scores.row(0)[c], row.labels.thresholds[c], row.labels.names[c], row.segment.id);
}

}  // namespace claptools
