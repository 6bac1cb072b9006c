#include "claptools/pipeline/window_features.hpp"

#include <algorithm>

namespace claptools {
namespace {

/// Rows [from, from + count) of one matrix to rows `to` and on of another.
void copy_rows(const Matrix& source, std::size_t from, std::size_t count, Matrix& target,
               std::size_t to) {
  const float* const begin = source.row(from).data();
  std::copy_n(begin, count * source.cols, target.row(to).data());
}

}  // namespace

WindowFeatures::WindowFeatures(const Model& model, const WindowGrid& grid)
    : model_(*model.spectrograms()), features_(*model.spec().audio.features) {
  const auto [hop, edge] = features_;
  shift_ = grid.hop / hop;
  edge_ = (edge + hop - 1) / hop;
  const std::size_t overlap = grid.window - std::min(grid.window, grid.hop);
  first_shared_ = edge_;
  end_shared_ = overlap < edge ? 0 : (overlap - edge) / hop + 1;
}

bool WindowFeatures::worthwhile(const Model& model, const WindowGrid& grid) {
  const Spectrograms* spectrograms = model.spectrograms();
  if (!spectrograms || !spectrograms->are_cheap() || !model.spec().audio.features) return false;
  const WindowFeatures features(model, grid);
  return grid.hop % features.features_.hop == 0 && features.end_shared_ > 8 * features.edge_;
}

Matrix WindowFeatures::next(std::span<const float> window) {
  if (previous_.rows == 0) {
    previous_ = model_.log_mel(window);
    return previous_;
  }
  const auto [hop, edge] = features_;
  const Matrix head = model_.log_mel(window.first(edge_ * hop + edge));
  const Matrix tail = model_.log_mel(window.subspan((end_shared_ - edge_) * hop));
  Matrix frames(1 + window.size() / hop, head.cols);
  copy_rows(head, 0, edge_, frames, 0);
  copy_rows(previous_, first_shared_ + shift_, end_shared_ - first_shared_, frames, first_shared_);
  copy_rows(tail, edge_, frames.rows - end_shared_, frames, end_shared_);
  previous_ = frames;
  return frames;
}

}  // namespace claptools
