#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/learn/classifier.hpp"
#include "claptools/zero_shot/label_set.hpp"

namespace claptools {

/// What one recording is compared with.
struct ClipLabels {
  std::vector<std::size_t> index;  ///< of the LabelSet
  std::vector<std::string> names;
  std::vector<double> thresholds;
  std::vector<CsebbsParameters> boxes;     ///< where events are boxes, else none
  std::vector<std::string> items;          ///< of phrases; may be empty texts
  Matrix prompts;                          ///< [labels, dim]
  const Classifier* classifier = nullptr;  ///< instead of prompts, where not null

  std::shared_ptr<const Matrix> background;  ///< [texts, dim], or null

  /// What rows are given: cosines with the prompts, less the highest one with a background text
  /// (subtract_background), or the probabilities of the classifier.
  /// @param rows [n, dim], clips or frames. @return [n, labels]. @throws Error{data} if the widths
  /// differ.
  Matrix score(MatrixView rows) const;
};

/// The labels of each recording: all, or its phrases.
class LabelPicker {
 public:
  /// @param set must outlive this object. @param prompts [labels, dim], unit rows, as embed_labels
  /// gives them.
  LabelPicker(const LabelSet& set, Matrix prompts, Log log);

  /// The classes of a classifier, for every recording. @param set as label_set_of() gives it. Both
  /// must outlive this object.
  LabelPicker(const LabelSet& set, const Classifier& classifier);

  /// From now on scores are less those of texts without content. @param texts [texts, dim], unit
  /// rows, at least one.
  void subtract(Matrix texts);

  const LabelSet& set() const { return set_; }

  /// Stays until the next call. None, after a warning, for a recording that has no phrases.
  const ClipLabels& of(const std::string& id);

 private:
  ClipLabels gather(std::span<const Phrase> phrases) const;

  const LabelSet& set_;
  Log log_;
  Matrix prompts_;
  std::shared_ptr<const Matrix> background_;
  ClipLabels own_;
  std::string id_;  ///< whose they are, if they are phrases
};

}  // namespace claptools
