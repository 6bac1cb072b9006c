#include "claptools/pipeline/whole_features.hpp"

#include <utility>

namespace claptools {

WholeFeatures::WholeFeatures(const Model& model)
    : model_(*model.spectrograms()),
      features_(*model.spec().audio.features),
      window_(model.spec().audio.window_samples),
      edge_((features_.edge + features_.hop - 1) / features_.hop) {}

/// Frames of the first `samples` of the buffer that see no edge which is not the recording's. What
/// the next ones see stays.
void WholeFeatures::take_frames(std::size_t samples, bool is_last) {
  const auto [hop, edge] = features_;
  const Matrix frames = model_.log_mel(std::span(buffer_).first(samples));
  const std::size_t end = is_last ? frames.rows : (samples - edge) / hop + 1;
  frames_.cols = frames.cols;
  frames_.rows += end - ready_;
  const float* const first = frames.data.data();
  frames_.data.insert(frames_.data.end(), first + ready_ * frames.cols, first + end * frames.cols);
  if (is_last) return;
  const std::size_t dropped = end - edge_;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(dropped * hop));
  ready_ = edge_;
}

void WholeFeatures::add(std::span<const float> samples) {
  buffer_.insert(buffer_.end(), samples.begin(), samples.end());
  while (buffer_.size() > window_) take_frames(window_, false);
}

Matrix WholeFeatures::finish() {
  take_frames(buffer_.size(), true);
  return std::move(frames_);
}

}  // namespace claptools
