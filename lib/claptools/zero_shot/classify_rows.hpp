#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/store/embedding_file.hpp"
#include "claptools/tasks/classify.hpp"
#include "claptools/zero_shot/label_picker.hpp"
#include "claptools/zero_shot/near_miss.hpp"

namespace claptools {

/// Which of its labels a clip gets.
struct TagOptions {
  std::size_t k = 0;        ///< how many, the best; 0: one, or all phrases of the recording
  bool multilabel = false;  ///< instead, all that exceed their threshold
  /// Gives them probabilities instead of cosines: softmax() over the clip's labels.
  std::optional<double> softmax_scale = std::nullopt;
};

/// The labels that a clip gets, best first. @param cosines of its own labels, [labels].
std::vector<RankedClass> choose_labels(std::span<const float> cosines, const ClipLabels& own,
                                       const LabelSet& set, const TagOptions& options);

/// A row that was compared with its labels.
struct ClassifiedRow {
  const Segment& segment;
  const ClipLabels& labels;         ///< that it was compared with
  MatrixView scores;                ///< [1, labels], as ClipLabels::score() gives them
  std::vector<RankedClass> chosen;  ///< by their position in `labels`, best first
  std::vector<std::string> meta;    ///< one value per meta column
};

using ClassifiedSink = std::function<void(const ClassifiedRow&)>;

/// Scores clip embeddings against the labels. Rows of a recording without labels are left
/// out.
/// @param sink gets the rows in order. @throws Error{data} if the widths differ.
void classify_rows(const EmbeddingRows& rows, LabelPicker& picker, const TagOptions& options,
                   const ClassifiedSink& sink);

/// Of `multilabel`: takes the scores of a row that got no label.
void note_miss(const ClassifiedRow& row, NearMiss& miss);

}  // namespace claptools
