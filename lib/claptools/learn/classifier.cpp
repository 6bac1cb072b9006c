#include "claptools/learn/classifier.hpp"

#include <algorithm>
#include <utility>

#include "claptools/learn/nearest.hpp"
#include "claptools/tasks/classify.hpp"

namespace claptools {

Classifier::Classifier(ClassifierFile file)
    : file_(std::move(file)), weights_(to_float(file_.weights)) {}

Matrix Classifier::probabilities(MatrixView rows) const {
  if (!file_.is_logistic()) return votes(rows);
  return logistic_probabilities(weights_, file_.bias,
                                file_.exclusive ? ClassChoice::one : ClassChoice::any, rows);
}

Matrix Classifier::votes(MatrixView rows) const {
  const Matrix cosines = cosine_scores(rows, file_.rows);
  Matrix shares(rows.rows, classes().size());
  for (std::size_t i = 0; i < rows.rows; ++i)
    std::ranges::copy(
        vote(nearest(cosines.row(i), file_.neighbours), file_.row_classes, classes().size()),
        shares.row(i).begin());
  return shares;
}

}  // namespace claptools
