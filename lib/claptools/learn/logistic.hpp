#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"

namespace claptools {

/// How the classes of a row relate.
enum class ClassChoice {
  one,  ///< exactly one: probabilities add up to 1
  any,  ///< any number: each class has a probability of its own
};

/// Rows and their classes.
struct LabelledRows {
  MatrixView rows;                                      ///< [n, d]
  std::span<const std::vector<std::uint32_t>> classes;  ///< [n], sorted; one each for `one`
  std::size_t class_count = 0;                          ///< at least 2 for `one`
  ClassChoice choice = ClassChoice::one;
};

/// Logits are weights * row + bias.
struct LogisticModel {
  DoubleMatrix weights;      ///< [classes, d]
  std::vector<double> bias;  ///< [classes]
};

struct LogisticOptions {
  double c = 1;             ///< inverse strength of the L2 penalty, above 0
  double tolerance = 1e-8;  ///< of the gradient, per row
  std::size_t max_steps = 2000;
  int threads = 1;                          ///< change no result
  const std::atomic<bool>* stop = nullptr;  ///< ends early once set; may be null
};

/// Minimises c * (sum of the rows' log losses) + half the squared length of the weights; the bias
/// is not penalised. For `one` the loss is multinomial, of two classes binary (one vector of
/// weights, which the two classes share with opposite signs); for `any` binary per class.
/// This is scikit-learn's LogisticRegression(C=c) with its default solver lbfgs, for `any` within
/// OneVsRestClassifier.
/// @param chosen which rows to learn from.
/// @param start  a model of the same shape to begin from, or an empty one.
LogisticModel fit_logistic(const LabelledRows& data, std::span<const std::size_t> chosen,
                           const LogisticOptions& options, const LogisticModel& start = {});

/// Probabilities of the classes.
/// @param weights [classes, d], @param bias [classes] of a model. @param rows [n, d].
/// @return        [n, classes]. @throws Error{data} if the widths differ.
Matrix logistic_probabilities(MatrixView weights, std::span<const double> bias, ClassChoice choice,
                              MatrixView rows);

/// Rounded to float32.
Matrix to_float(const DoubleMatrix& exact);

}  // namespace claptools
