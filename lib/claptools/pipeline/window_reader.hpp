#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "claptools/audio/audio_reader.hpp"
#include "claptools/core/matrix.hpp"

namespace claptools {

/// Windows over a stream of samples, in samples so that hour 10 has no drift.
struct WindowGrid {
  std::size_t window = 0;  ///< samples
  std::size_t hop = 0;     ///< samples
  /// A last window with fewer new samples is dropped unless it is the only one.
  std::size_t min_tail = 0;
};

/// A piece of a recording: samples [start, start + samples.size()).
struct AudioWindow {
  std::vector<float> samples;  ///< window samples, fewer in the last
  std::size_t start = 0;
  std::size_t origin = 0;  ///< of sample 0 on the clock that times are told on, samples
  Matrix log_mel = {};     ///< in place of the samples where windows share it (WindowFeatures)
};

/// Cuts a recording into windows while it is read; holds one window.
class WindowReader {
 public:
  WindowReader(AudioReader reader, const WindowGrid& grid);

  /// The next window, or nothing after the last. @throws Error{data} as AudioReader::read.
  std::optional<AudioWindow> next();

  /// AudioReader::skip_rest: there are no windows after it.
  std::uint64_t skip_rest(const std::function<bool()>& go_on) { return reader_.skip_rest(go_on); }

  const AudioReader& audio() const { return reader_; }

 private:
  bool fill();
  void advance();

  AudioReader reader_;
  WindowGrid grid_;
  std::vector<float> buffer_;  ///< samples from start_ on
  std::size_t start_ = 0;
  std::size_t covered_ = 0;  ///< end of the last window given
  bool first_ = true, ended_ = false;
};

}  // namespace claptools
