#include "claptools/zero_shot/label_picker.hpp"

#include <algorithm>
#include <utility>

#include "claptools/tasks/classify.hpp"

namespace claptools {

Matrix ClipLabels::score(MatrixView rows) const {
  if (classifier) return classifier->probabilities(rows);
  Matrix scores = cosine_scores(rows, prompts);
  if (background) subtract_background(scores, cosine_scores(rows, *background));
  return scores;
}

LabelPicker::LabelPicker(const LabelSet& set, Matrix prompts, Log log)
    : set_(set), log_(std::move(log)), prompts_(std::move(prompts)) {
  if (set.phrases) return;
  std::vector<Phrase> all(set.names.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i].text = i;
  own_ = gather(all);
}

LabelPicker::LabelPicker(const LabelSet& set, const Classifier& classifier) : set_(set) {
  for (std::size_t i = 0; i < set.names.size(); ++i) own_.index.push_back(i);
  own_.names = set.names;
  own_.thresholds = set.thresholds;
  own_.boxes = set.boxes;
  own_.items.resize(set.names.size());
  own_.classifier = &classifier;
}

void LabelPicker::subtract(Matrix texts) {
  background_ = std::make_shared<const Matrix>(std::move(texts));
  own_.background = background_;
}

const ClipLabels& LabelPicker::of(const std::string& id) {
  if (!set_.phrases || (id == id_ && !own_.names.empty())) return own_;
  const bool is_new = std::exchange(id_, id) != id;
  own_ = gather(set_.phrases->of(id));
  if (own_.names.empty() && is_new) report(log_, LogLevel::warning, id + ": has no phrases");
  return own_;
}

ClipLabels LabelPicker::gather(std::span<const Phrase> phrases) const {
  ClipLabels own;
  own.background = background_;
  own.prompts = Matrix(phrases.size(), prompts_.cols);
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const auto& [text, item] = phrases[i];
    own.index.push_back(text);
    own.names.push_back(set_.names[text]);
    own.thresholds.push_back(set_.thresholds[text]);
    if (!set_.boxes.empty()) own.boxes.push_back(set_.boxes[text]);
    own.items.push_back(item);
    std::ranges::copy(prompts_.row(text), own.prompts.row(i).begin());
  }
  return own;
}

}  // namespace claptools
