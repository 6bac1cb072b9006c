#include "claptools/pipeline/window_reader.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace claptools {

WindowReader::WindowReader(AudioReader reader, const WindowGrid& grid)
    : reader_(std::move(reader)), grid_(grid) {}

/// Reads on until a whole window is there. @return false at the end of the recording.
bool WindowReader::fill() {
  const std::size_t have = buffer_.size();
  if (have >= grid_.window) return true;
  buffer_.resize(grid_.window);
  const std::size_t got = reader_.read(std::span(buffer_).subspan(have));
  buffer_.resize(have + got);
  ended_ = buffer_.size() < grid_.window;
  return !ended_;
}

/// Moves on by a hop: drops samples, and reads over those between windows that do not touch.
void WindowReader::advance() {
  const std::size_t dropped = std::min(grid_.hop, buffer_.size());
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(dropped));
  start_ += grid_.hop;
  std::vector<float> gap(std::min<std::size_t>(grid_.hop - dropped, 65536));
  for (std::size_t left = grid_.hop - dropped; left > 0 && !ended_;) {
    const std::size_t got = reader_.read(std::span(gap).first(std::min(left, gap.size())));
    left -= got;
    ended_ = got == 0;
  }
}

std::optional<AudioWindow> WindowReader::next() {
  if (!first_) {
    if (ended_) return std::nullopt;
    advance();
  }
  if (!ended_) fill();
  const std::size_t end = start_ + buffer_.size();
  const std::size_t fresh = end - std::min(end, std::max(covered_, start_));
  const bool only = std::exchange(first_, false);
  if (buffer_.empty() || (!only && (fresh == 0 || (ended_ && fresh < grid_.min_tail))))
    return std::nullopt;
  covered_ = end;
  return AudioWindow{.samples = buffer_, .start = start_};
}

}  // namespace claptools
