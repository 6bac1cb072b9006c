#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "claptools/families/towers.hpp"
#include "claptools/features/mel_frames.hpp"

namespace claptools {

/// Log-mel spectrogram: centred STFT with reflected edges and a periodic Hann window, power, mel
/// filters, dB. Source: docs/reference/pipeline.md, steps 4 and 5; an FFT takes the place of the
/// official DFT matrices.
class LogMel {
 public:
  /// @param filters   [n_fft/2 + 1, n_mels] float32, or double, in which all is computed then.
  /// @param precision of the Fourier transform: kFloat, or kDouble, which halves the distance of
  ///                  training losses from the official ones.
  LogMel(const AudioConfig& config, at::Tensor filters,
         at::ScalarType precision = at::ScalarType::Float);

  /// @param waveform [B, S] float32, S > n_fft / 2 (what reflection needs).
  /// @return         [B, 1 + S / hop, n_fft/2 + 1] power spectrogram.
  at::Tensor power(const at::Tensor& waveform) const;

  /// @param power as power() returns it.
  /// @return      [B, T, n_mels] float32, dB: 10 log10(max(mel, 1e-10)).
  at::Tensor log_mel(const at::Tensor& power) const;

  /// The same from the waveform; in one pass on the CPU in float32.
  at::Tensor operator()(const at::Tensor& waveform) const;

 private:
  static at::Tensor decibels(at::Tensor mels);

  std::int64_t n_fft_, hop_;
  at::Tensor window_, filters_;
  std::optional<MelFrames> frames_;
};

}  // namespace claptools
