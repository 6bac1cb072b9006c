#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "claptools/families/configured_architecture.hpp"
#include "claptools/model/network.hpp"
#include "claptools/model/parameter_source.hpp"
#include "claptools/model/tensor_probe.hpp"

namespace claptools {

/// A network whose sounds are HTSAT's mean over positions, and whose texts are one vector of the
/// states of a text encoder, each through a head that ends in unit rows.
/// @tparam Towers what it is made of: front_end (FrontEnd, or what has the same functions), audio
/// (HtsatEncoder), text, audio_head, text_head, and pool_text(states, ids, tap) -> [B, hidden].
template <class Towers>
class TwoTowerNetwork : public Network, LogMelNetwork {
 public:
  TwoTowerNetwork(const typename Towers::Config& config, const ParameterSource& parameters,
                  const at::Device& device)
      : towers_(config, parameters, device) {}

  // Network
  AudioTensors embed_audio(const at::Tensor& waveforms) const override {
    return embed_log_mels(log_mel(waveforms));
  }
  at::Tensor embed_texts(const TextBatch& texts) const override {
    return encode_text(texts.ids, texts.attention, {});
  }
  void prepare(Workload workload, Precision precision) override {
    if (workload == Workload::audio || precision != Precision::fp32)
      towers_.audio.prepare(precision);
    if (workload == Workload::texts) towers_.text.prepare();
  }
  std::size_t floats_per_window() const override { return towers_.front_end.floats_per_window(); }
  const LogMelNetwork* log_mels() const override { return this; }

  // LogMelNetwork
  MelBands bands() const override { return towers_.front_end.bands(); }
  at::Tensor log_mel(const at::Tensor& waveforms) const override { return log_mel(waveforms, {}); }
  AudioTensors embed_log_mels(const at::Tensor& log_mels) const override {
    return {encode_log_mel(towers_.front_end.views_of(log_mels), {}), {}, {}};
  }
  at::Tensor join_views(const at::Tensor& whole) const override {
    return towers_.front_end.join_views(whole);
  }

  /// @param tap sees what is made on the way.
  at::Tensor log_mel(const at::Tensor& waveforms, const TensorProbe& tap) const {
    return towers_.front_end.log_mel(waveforms, tap);
  }

  /// @param waveforms [B, S] float32. @return [B, D], unit rows.
  at::Tensor encode_audio(const at::Tensor& waveforms, const TensorProbe& tap) const {
    return encode_log_mel(log_mel(waveforms, tap), tap);
  }

  /// @param log_mel [B, T, mels] dB, T at most the image's frames, or [B, views, T, mels].
  /// @return [B, D], unit rows.
  at::Tensor encode_log_mel(const at::Tensor& log_mel, const TensorProbe& tap) const {
    if (tap) tap("log_mel", log_mel);
    const at::Tensor pooled = towers_.audio.forward(log_mel, tap).mean(1);
    if (tap) tap("pooled", pooled);
    return towers_.audio_head(pooled, tap);
  }

  /// @param ids [B, L] int64. @param attention [B, L] bool, false for padding.
  /// @return [B, D], unit rows.
  at::Tensor encode_text(const at::Tensor& ids, const at::Tensor& attention,
                         const TensorProbe& tap) const {
    const at::Tensor states = towers_.text.forward(ids, attention, tap);
    const at::Tensor pooled = towers_.pool_text(states, ids, tap);
    if (tap) tap("pooled", pooled);
    return towers_.text_head(pooled, tap);
  }

 private:
  Towers towers_;
};

/// NetworkMaker::inference of such a network.
template <class Towers>
std::unique_ptr<Network> make_two_towers(const Architecture& architecture,
                                         const ParameterSource& parameters,
                                         const at::Device& device) {
  const auto& config = config_of<typename Towers::Config>(architecture);
  return std::make_unique<TwoTowerNetwork<Towers>>(config, parameters, device);
}

}  // namespace claptools
