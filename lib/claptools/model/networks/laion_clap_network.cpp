#include "claptools/model/networks/laion_clap_network.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <vector>

#include "claptools/families/configured_architecture.hpp"
#include "claptools/families/derived_weights.hpp"
#include "claptools/families/laion_clap/parameters.hpp"
#include "claptools/model/networks/networks.hpp"
#include "claptools/model/renamed_parameters.hpp"

namespace claptools {
namespace {

/// In double, as Hugging Face's extractor computes. A checkpoint of laion-clap has its own filters,
/// which a fused model has, too, and does not use.
at::Tensor filters_of(const laion_clap::Config& of, const ParameterSource& parameters,
                      const at::Device& device) {
  const std::string name = std::string(laion_clap::kAudioTower) + "logmel_extractor.melW";
  if (!of.fusion && parameters.contains(name)) return parameters.get(name).to(at::kDouble);
  const AudioConfig& config = of.audio;
  const std::vector<float> filters = mel_filters(config);
  return at::tensor(at::ArrayRef<float>(filters))
      .view({config.n_fft / 2 + 1, config.n_mels})
      .to(device, at::kDouble);
}

/// To 16 bits and back, towards zero, as laion-clap does before all else.
at::Tensor quantised(const at::Tensor& waveforms) {
  constexpr double kSteps = 32767;
  return ((waveforms.clamp(-1, 1) * kSteps).trunc_().to(at::kDouble) / kSteps).to(at::kFloat);
}

}  // namespace

LaionClapNetwork::LaionClapNetwork(const laion_clap::Config& config,
                                   const ParameterSource& parameters, const at::Device& device)
    : config_(config),
      log_mel_(config.audio, filters_of(config, parameters, device), at::kDouble),
      audio_(parameters, laion_clap::kAudioTower, config.audio),
      text_(parameters, laion_clap::kTextTower, config.text),
      pooler_(parameters, std::string(laion_clap::kTextTower) + "pooler.dense"),
      audio_head_(parameters, "audio_projection"),
      text_head_(parameters, "text_projection") {}

MelBands LaionClapNetwork::bands() const {
  const AudioConfig& a = config_.audio;
  return {static_cast<std::size_t>(a.n_mels), a.f_min, a.f_max};
}

at::Tensor LaionClapNetwork::log_mel(const at::Tensor& waveforms) const {
  return log_mel(waveforms, {});
}

at::Tensor LaionClapNetwork::log_mel(const at::Tensor& waveforms, const TensorProbe& tap) const {
  const at::Tensor samples = config_.quantise ? quantised(waveforms) : waveforms;
  if (tap) tap("quantised", samples);
  const at::Tensor power = log_mel_.power(samples.to(at::kDouble));
  if (tap) tap("stft_power", power.unsqueeze(1));
  return log_mel_.log_mel(power);
}

std::int64_t LaionClapNetwork::window_frames() const {
  return 1 + config_.audio.window_samples() / config_.audio.hop_length;
}

/// The whole shrunk to the frames of a window, and as many at the middle of each third of the
/// places where they can begin (the official code draws one there).
at::Tensor LaionClapNetwork::join_views(const at::Tensor& whole) const {
  constexpr std::int64_t kParts = laion_clap::kFusionViews - 1;
  const std::int64_t frames = window_frames(), places = whole.size(0) - frames + 1;
  if (places <= 1) return whole;
  std::vector<at::Tensor> views = {at::upsample_bilinear2d(whole.unsqueeze(0).unsqueeze(0),
                                                           {frames, whole.size(1)},
                                                           /*align_corners=*/false)[0][0]};
  std::int64_t first = 0;
  for (std::int64_t part = 0; part < kParts; ++part) {
    const std::int64_t size = places / kParts + (part < places % kParts ? 1 : 0);
    views.push_back(whole.narrow(0, size > 0 ? first + size / 2 : 0, frames));
    first += size;
  }
  return at::cat(views);
}

at::Tensor LaionClapNetwork::encode_log_mel(const at::Tensor& log_mel,
                                            const TensorProbe& tap) const {
  if (tap) tap("log_mel", log_mel);
  const at::Tensor pooled = audio_.forward(log_mel, tap).mean(1);
  if (tap) tap("pooled", pooled);
  return audio_head_(pooled, tap);
}

AudioTensors LaionClapNetwork::embed_log_mels(const at::Tensor& log_mels) const {
  const std::int64_t frames = window_frames();
  const bool joined = config_.fusion && log_mels.size(1) == laion_clap::kFusionViews * frames;
  const at::Tensor views =
      joined ? log_mels.view({-1, laion_clap::kFusionViews, frames, log_mels.size(2)}) : log_mels;
  return {encode_log_mel(views, {}), {}, {}};
}

AudioTensors LaionClapNetwork::embed_audio(const at::Tensor& waveforms) const {
  return embed_log_mels(log_mel(waveforms));
}

at::Tensor LaionClapNetwork::encode_text(const at::Tensor& ids, const at::Tensor& attention,
                                         const TensorProbe& tap) const {
  const at::Tensor first = text_.forward(ids, attention, tap).select(1, 0);
  const at::Tensor pooled = at::tanh(pooler_(first));
  if (tap) tap("pooled", pooled);
  return text_head_(pooled, tap);
}

at::Tensor LaionClapNetwork::embed_texts(const TextBatch& texts) const {
  return encode_text(texts.ids, texts.attention, {});
}

void LaionClapNetwork::prepare(Workload workload, Precision precision) {
  if (workload == Workload::audio || precision != Precision::fp32) audio_.prepare(precision);
  if (workload == Workload::texts) text_.prepare();
}

/// Those of the first stage, the largest, and of the front end.
std::size_t LaionClapNetwork::floats_per_window() const {
  const auto size = [](auto n) { return static_cast<std::size_t>(n); };
  const AudioConfig& a = config_.audio;
  const std::size_t tokens = size(a.grid()) * size(a.grid()),
                    window = size(a.window_size) * size(a.window_size);
  return tokens * (16 * size(a.stem_channels) + 3 * window * size(a.num_heads[0])) +
         6 * size(a.spec_frames()) * size(a.n_fft);
}

namespace laion_clap {
namespace {

std::unique_ptr<Network> for_inference(const Architecture& architecture,
                                       const ParameterSource& parameters,
                                       const at::Device& device) {
  const Config& config = config_of<Config>(architecture);
  const RenamedParameters ours(parameters, [layout = config.layout](const std::string& name) {
    return file_names(layout, name);
  });
  return std::make_unique<LaionClapNetwork>(config, ours, device);
}

}  // namespace

extern const NetworkMaker kNetwork;
const NetworkMaker kNetwork = {for_inference, nullptr};

}  // namespace laion_clap

}  // namespace claptools
