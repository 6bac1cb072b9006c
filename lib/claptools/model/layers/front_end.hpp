#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <string>

#include "claptools/engine/model.hpp"
#include "claptools/families/towers.hpp"
#include "claptools/features/log_mel.hpp"
#include "claptools/model/parameter_source.hpp"
#include "claptools/model/tensor_probe.hpp"

namespace claptools {

/// The mel filters that follow from the configuration. @return [n_fft/2 + 1, n_mels].
at::Tensor make_filters(const AudioConfig& config, const at::Device& device);

/// Those that a checkpoint holds under `name`, or make_filters().
at::Tensor load_filters(const ParameterSource& parameters, const std::string& name,
                        const AudioConfig& config, const at::Device& device);

/// Waveforms to log-mels.
class FrontEnd {
 public:
  /// @param filters, precision as LogMel's.
  /// @param stretch Hz of the samples per Hz of the filters' edges.
  FrontEnd(const AudioConfig& config, at::Tensor filters,
           at::ScalarType precision = at::ScalarType::Float, double stretch = 1);

  const AudioConfig& config() const { return config_; }

  /// In Hz as the samples have them.
  MelBands bands() const;

  /// @param waveforms [B, S] float32, n_fft / 2 < S <= window samples. @return [B, T, n_mels] dB.
  at::Tensor log_mel(const at::Tensor& waveforms, const TensorProbe& tap) const;

  /// Floats that live at the same time while an HTSAT embeds one window: those of its first stage,
  /// the largest, and of this.
  std::size_t floats_per_window() const;

  // What a model has that joins views of a long recording (LogMelNetwork); this one does not.
  at::Tensor views_of(const at::Tensor& log_mels) const { return log_mels; }
  at::Tensor join_views(const at::Tensor& whole) const { return whole; }

 private:
  AudioConfig config_;
  double stretch_;
  std::size_t floats_per_sample_;  ///< of a transform
  LogMel log_mel_;
};

}  // namespace claptools
