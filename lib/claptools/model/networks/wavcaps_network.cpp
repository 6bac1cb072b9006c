#include "claptools/model/networks/wavcaps_network.hpp"

#include "claptools/families/configured_architecture.hpp"
#include "claptools/model/layers/front_end.hpp"
#include "claptools/model/networks/networks.hpp"

namespace claptools {

WavCapsNetwork::WavCapsNetwork(const wavcaps::Config& config, const ParameterSource& parameters,
                               const at::Device& device)
    : config_(config.audio),
      log_mel_(config.audio, load_filters(parameters, wavcaps::kFilters, config.audio, device)),
      audio_(parameters, wavcaps::kAudioTower, config.audio),
      text_(parameters, wavcaps::kTextTower, config.text),
      audio_head_(parameters, wavcaps::kAudioHead),
      text_head_(parameters, wavcaps::kTextHead) {}

MelBands WavCapsNetwork::bands() const {
  return {static_cast<std::size_t>(config_.n_mels), config_.f_min, config_.f_max};
}

at::Tensor WavCapsNetwork::log_mel(const at::Tensor& waveforms) const {
  return log_mel_.log_mel(log_mel_.power(waveforms));
}

at::Tensor WavCapsNetwork::encode_log_mel(const at::Tensor& log_mel, const TensorProbe& tap) const {
  const at::Tensor pooled = audio_.forward(log_mel, tap).mean(1);
  if (tap) tap("pooled", pooled);
  return audio_head_(pooled, tap);
}

at::Tensor WavCapsNetwork::encode_audio(const at::Tensor& waveforms, const TensorProbe& tap) const {
  const at::Tensor power = log_mel_.power(waveforms);
  if (tap) tap("stft_power", power.unsqueeze(1));
  const at::Tensor log_mel = log_mel_.log_mel(power);
  if (tap) tap("log_mel", log_mel.unsqueeze(1));
  return encode_log_mel(log_mel, tap);
}

AudioTensors WavCapsNetwork::embed_log_mels(const at::Tensor& log_mels) const {
  return {encode_log_mel(log_mels, {}), {}, {}};
}

AudioTensors WavCapsNetwork::embed_audio(const at::Tensor& waveforms) const {
  return {encode_audio(waveforms, {}), {}, {}};
}

at::Tensor WavCapsNetwork::encode_text(const at::Tensor& ids, const at::Tensor& attention,
                                       const TensorProbe& tap) const {
  const at::Tensor first = text_.forward(ids, attention, tap).select(1, 0);
  if (tap) tap("pooled", first);
  return text_head_(first, tap);
}

at::Tensor WavCapsNetwork::embed_texts(const TextBatch& texts) const {
  return encode_text(texts.ids, texts.attention, {});
}

void WavCapsNetwork::prepare(Workload workload, Precision precision) {
  if (workload == Workload::audio || precision != Precision::fp32) audio_.prepare(precision);
  if (workload == Workload::texts) text_.prepare();
}

std::size_t WavCapsNetwork::floats_per_window() const { return htsat_floats(config_); }

namespace wavcaps {
namespace {

std::unique_ptr<Network> for_inference(const Architecture& architecture,
                                       const ParameterSource& parameters,
                                       const at::Device& device) {
  return std::make_unique<WavCapsNetwork>(config_of<Config>(architecture), parameters, device);
}

}  // namespace

extern const NetworkMaker kNetwork;
const NetworkMaker kNetwork = {for_inference, nullptr};

}  // namespace wavcaps

}  // namespace claptools
