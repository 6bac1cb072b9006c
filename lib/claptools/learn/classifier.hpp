#pragma once

#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/learn/logistic.hpp"
#include "claptools/store/classifiers/classifier_file.hpp"

namespace claptools {

/// Classes that were learned from examples.
class Classifier {
 public:
  explicit Classifier(ClassifierFile file);

  /// @throws Error{no_input}, {data} as read_classifier.
  static Classifier read(const std::string& path) { return Classifier(read_classifier(path)); }

  const ClassifierFile& file() const { return file_; }
  const std::vector<std::string>& classes() const { return file_.classes; }

  /// Of the classes, each from 0 to 1. @param rows [n, d] unit rows, of clips or frames.
  /// @return [n, classes]. @throws Error{data} if the widths differ.
  Matrix probabilities(MatrixView rows) const;

 private:
  Matrix votes(MatrixView rows) const;

  ClassifierFile file_;
  Matrix weights_;  // of logistic regression, float32
};

}  // namespace claptools
