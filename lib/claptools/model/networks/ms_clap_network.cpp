#include "claptools/model/networks/ms_clap_network.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/gelu.h>

#include "claptools/families/configured_architecture.hpp"
#include "claptools/families/ms_clap/parameters.hpp"
#include "claptools/model/codebook.hpp"
#include "claptools/model/layers/front_end.hpp"
#include "claptools/model/networks/networks.hpp"

namespace claptools {

MsClapNetwork::Head::Head(const ParameterSource& parameters, const std::string& name)
    : first(parameters, name + ".linear1"),
      second(parameters, name + ".linear2"),
      norm(parameters, name + ".layer_norm", 1e-5) {}

at::Tensor MsClapNetwork::Head::operator()(const at::Tensor& x, const TensorProbe& tap) const {
  const at::Tensor shortcut = first(x);
  if (tap) tap("shortcut", shortcut);
  const at::Tensor branch = second(at::gelu(shortcut));
  if (tap) tap("branch", branch);
  const at::Tensor projected = norm(shortcut + branch);
  if (tap) tap("projected", projected);
  return unit_rows(projected);
}

MsClapNetwork::MsClapNetwork(const ms_clap::Config& config, const ParameterSource& parameters,
                             const at::Device& device)
    : config_(config),
      log_mel_(config.audio,
               load_filters(parameters, ms_clap::kFilters, ms_clap::filter_config(config), device)),
      audio_(parameters, ms_clap::kAudioTower, config.audio),
      text_(parameters, ms_clap::kTextTower, config.text.layers, config.text.heads),
      audio_head_(parameters, ms_clap::kAudioHead),
      text_head_(parameters, ms_clap::kTextHead) {}

/// In Hz as the samples have them.
MelBands MsClapNetwork::bands() const {
  const AudioConfig& a = config_.audio;
  const double scale = static_cast<double>(a.sample_rate) / config_.mel_sample_rate;
  return {static_cast<std::size_t>(a.n_mels), a.f_min * scale, a.f_max * scale};
}

at::Tensor MsClapNetwork::log_mel(const at::Tensor& waveforms) const {
  return log_mel_.log_mel(log_mel_.power(waveforms));
}

at::Tensor MsClapNetwork::encode_log_mel(const at::Tensor& log_mel, const TensorProbe& tap) const {
  const at::Tensor pooled = audio_.forward(log_mel, tap).mean(1);
  if (tap) tap("pooled", pooled);
  return audio_head_(pooled, tap);
}

at::Tensor MsClapNetwork::encode_audio(const at::Tensor& waveforms, const TensorProbe& tap) const {
  const at::Tensor power = log_mel_.power(waveforms);
  if (tap) tap("stft_power", power.unsqueeze(1));
  const at::Tensor log_mel = log_mel_.log_mel(power);
  if (tap) tap("log_mel", log_mel.unsqueeze(1));
  return encode_log_mel(log_mel, tap);
}

AudioTensors MsClapNetwork::embed_log_mels(const at::Tensor& log_mels) const {
  return {encode_log_mel(log_mels, {}), {}, {}};
}

AudioTensors MsClapNetwork::embed_audio(const at::Tensor& waveforms) const {
  return {encode_audio(waveforms, {}), {}, {}};
}

/// The official code takes the last token for that at the number of ids that are not 0; "!" has the
/// id 0 as padding has, so that each of them in a text moves the place forward by one.
at::Tensor MsClapNetwork::encode_text(const at::Tensor& ids, const at::Tensor& attention,
                                      const TensorProbe& tap) const {
  const at::Tensor states = text_.forward(ids, attention, tap);
  const at::Tensor place = ((ids != 0).sum(1) - 1).clamp_min(0);
  if (tap) tap("place", place);
  const at::Tensor pooled =
      states.gather(1, place.view({-1, 1, 1}).expand({-1, 1, states.size(2)})).squeeze(1);
  if (tap) tap("pooled", pooled);
  return text_head_(pooled, tap);
}

at::Tensor MsClapNetwork::embed_texts(const TextBatch& texts) const {
  return encode_text(texts.ids, texts.attention, {});
}

void MsClapNetwork::prepare(Workload workload, Precision precision) {
  if (workload == Workload::audio || precision != Precision::fp32) audio_.prepare(precision);
  if (workload == Workload::texts) text_.prepare();
}

std::size_t MsClapNetwork::floats_per_window() const { return htsat_floats(config_.audio); }

namespace ms_clap {
namespace {

std::unique_ptr<Network> for_inference(const Architecture& architecture,
                                       const ParameterSource& parameters,
                                       const at::Device& device) {
  return std::make_unique<MsClapNetwork>(config_of<Config>(architecture), parameters, device);
}

}  // namespace

extern const NetworkMaker kNetwork;
const NetworkMaker kNetwork = {for_inference, nullptr};

}  // namespace ms_clap

}  // namespace claptools
