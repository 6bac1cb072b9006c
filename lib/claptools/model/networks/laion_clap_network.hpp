#pragma once

#include <ATen/core/Tensor.h>

#include "claptools/families/laion_clap/config.hpp"
#include "claptools/features/log_mel.hpp"
#include "claptools/model/bert.hpp"
#include "claptools/model/htsat.hpp"
#include "claptools/model/layers/relu_head.hpp"
#include "claptools/model/network.hpp"

namespace claptools {

/// LAION's CLAP on tensors: HTSAT's mean over positions, RoBERTa's pooler, and a projection each.
/// Source: docs/reference/laion_clap.md.
class LaionClapNetwork : public Network, LogMelNetwork {
 public:
  LaionClapNetwork(const laion_clap::Config& config, const ParameterSource& parameters,
                   const at::Device& device);

  AudioTensors embed_audio(const at::Tensor& waveforms) const override;
  at::Tensor embed_texts(const TextBatch& texts) const override;
  void prepare(Workload workload, Precision precision) override;
  std::size_t floats_per_window() const override;
  const LogMelNetwork* log_mels() const override { return this; }

  // LogMelNetwork
  MelBands bands() const override;
  at::Tensor log_mel(const at::Tensor& waveforms) const override;
  AudioTensors embed_log_mels(const at::Tensor& log_mels) const override;
  at::Tensor join_views(const at::Tensor& whole) const override;

  /// @param tap sees what log_mel() makes on the way.
  at::Tensor log_mel(const at::Tensor& waveforms, const TensorProbe& tap) const;

  /// @param log_mel [B, T, mels] dB, T at most the image's frames, or [B, views, T, mels].
  /// @return [B, D], unit rows.
  at::Tensor encode_log_mel(const at::Tensor& log_mel, const TensorProbe& tap) const;

  /// @param ids [B, L] int64. @param attention [B, L] bool, false for padding.
  /// @return [B, D], unit rows.
  at::Tensor encode_text(const at::Tensor& ids, const at::Tensor& attention,
                         const TensorProbe& tap) const;

 private:
  std::int64_t window_frames() const;

  laion_clap::Config config_;
  LogMel log_mel_;
  HtsatEncoder audio_;
  TextEncoder text_;
  Linear pooler_;
  ReluHead audio_head_, text_head_;
};

}  // namespace claptools
