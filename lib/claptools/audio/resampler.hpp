#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace claptools {

/// Windowed-sinc resampler (Hann, width 6, rolloff 0.99: torchaudio's defaults) as a streaming
/// polyphase filter. Source: docs/reference/pipeline.md, step 2; kernel in double, rounded to
/// float32. The output depends on the samples alone, bit for bit, and not on how they are cut into
/// pushes.
class Resampler {
 public:
  /// Equal rates pass samples through unchanged. The kernel takes at most 50 MB (rates without a
  /// common factor); 44.1 to 32 kHz takes 30 kB.
  /// @param from_rate, to_rate in Hz.
  /// @throws Error{data} for a rate outside 1 Hz to 768 kHz.
  Resampler(int from_rate, int to_rate);

  /// Takes the next input samples and appends the output samples that they complete.
  void push(std::span<const float> input, std::vector<float>& output);

  /// Ends the stream: appends the remaining samples, ceil(to * inputs / from) in all, however the
  /// input was divided.
  void finish(std::vector<float>& output);

  /// Output samples of the whole stream if it ends `further` input samples from here.
  std::uint64_t length(std::uint64_t further) const;

 private:
  void build_kernel();
  void filter(std::uint64_t output_limit, std::vector<float>& output);

  std::size_t step_;    // input samples from one round of the phases to the next
  std::size_t phases_;  // output samples in a round; 0 where the rates are equal
  std::size_t taps_ = 0;
  std::vector<float> kernel_;           // [phases, taps]
  std::vector<std::ptrdiff_t> offset_;  // [phases]: first tap, seen from the start of the round

  std::vector<float> history_;      // input from the first tap of the next output on
  std::ptrdiff_t round_start_ = 0;  // of the current round, as an index into history_
  std::size_t phase_ = 0;
  std::uint64_t inputs_ = 0;
  std::uint64_t outputs_ = 0;
};

}  // namespace claptools
