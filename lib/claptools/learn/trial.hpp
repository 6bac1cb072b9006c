#pragma once
// Internal to the room.

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/learn/logistic.hpp"

namespace claptools {

/// How well probabilities of held-out rows fit.
struct Trial {
  double accuracy = 0;            ///< for ClassChoice::any the mean average precision
  double class_accuracy = 0;      ///< mean over the classes
  double log_loss = 0;            ///< mean over the rows
  std::vector<double> per_class;  ///< [classes], NaN where not defined
};

/// @param probabilities [rows.size(), classes]. @param rows of `data`, at least one.
Trial judge(MatrixView probabilities, std::span<const std::size_t> rows, const LabelledRows& data);

/// Whether to prefer one; a later one must be better.
bool is_better(const Trial& trial, const Trial& than, ClassChoice choice);

}  // namespace claptools
