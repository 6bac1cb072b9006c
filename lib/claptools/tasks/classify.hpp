#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Dot products of every row of `rows` with every row of `prompts`: the cosine, as both hold unit
/// rows. A frame matrix serves as well as one of clips.
/// @param rows    [N, D] float32.
/// @param prompts [C, D] float32.
/// @return        [N, C]; the order of additions is fixed, so a row's scores do not depend on the
/// other rows.
/// @throws Error{data} if the widths differ.
Matrix cosine_scores(MatrixView rows, MatrixView prompts);

/// Subtracts from the scores of each row the highest of its background scores; below -1 and above 1
/// they become -1 and 1. @param background [rows, texts], at least one text.
void subtract_background(Matrix& scores, MatrixView background);

/// exp(scale * score) of each class, divided by their sum. @param scale above 0.
std::vector<float> softmax(std::span<const float> scores, double scale);

/// A class chosen for a row.
struct RankedClass {
  std::size_t index = 0;  ///< of the class
  float score = 0;

  bool operator==(const RankedClass&) const = default;
};

/// The k best classes, best first; of equal scores the lower index first. Fewer than k if there are
/// fewer classes.
std::vector<RankedClass> top_classes(std::span<const float> scores, std::size_t k);

/// The classes with a score strictly greater than their threshold, in the order of top_classes.
/// @param thresholds one per class.
std::vector<RankedClass> classes_above(std::span<const float> scores,
                                       std::span<const double> thresholds);

}  // namespace claptools
