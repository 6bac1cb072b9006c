#pragma once

#include <ATen/core/Tensor.h>

#include "claptools/families/ms_clap/config.hpp"
#include "claptools/features/log_mel.hpp"
#include "claptools/model/gpt2.hpp"
#include "claptools/model/htsat.hpp"
#include "claptools/model/network.hpp"

namespace claptools {

/// Microsoft's CLAP of 2023 on tensors: HTSAT's mean over positions, a token of GPT-2, and a
/// projection each. Source: goldens-families README, section 7.
class MsClapNetwork : public Network, LogMelNetwork {
 public:
  MsClapNetwork(const ms_clap::Config& config, const ParameterSource& parameters,
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

  /// @param waveforms [B, S] float32. @return [B, D], unit rows.
  at::Tensor encode_audio(const at::Tensor& waveforms, const TensorProbe& tap) const;

  /// @param ids [B, L] int64. @param attention [B, L] bool, false for padding.
  /// @return [B, D], unit rows.
  at::Tensor encode_text(const at::Tensor& ids, const at::Tensor& attention,
                         const TensorProbe& tap) const;

 private:
  /// e = linear1(x); LayerNorm(e + linear2(gelu(e))).
  struct Head {
    Linear first, second;
    LayerNorm norm;
    Head(const ParameterSource& parameters, const std::string& name);
    /// @return [B, D], unit rows.
    at::Tensor operator()(const at::Tensor& x, const TensorProbe& tap) const;
  };

  at::Tensor encode_log_mel(const at::Tensor& log_mel, const TensorProbe& tap) const;

  ms_clap::Config config_;
  LogMel log_mel_;
  HtsatEncoder audio_;
  Gpt2Encoder text_;
  Head audio_head_, text_head_;
};

}  // namespace claptools
