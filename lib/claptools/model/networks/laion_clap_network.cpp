#include "claptools/model/networks/laion_clap_network.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <utility>
#include <vector>

#include "claptools/families/laion_clap/parameters.hpp"
#include "claptools/model/networks/networks.hpp"
#include "claptools/model/renamed_parameters.hpp"

namespace claptools {
namespace {

/// In double, as Hugging Face's extractor computes. A checkpoint of laion-clap has its own filters,
/// which a fused model has, too, and does not use.
at::Tensor filters_of(const laion_clap::Config& config, const ParameterSource& parameters,
                      const at::Device& device) {
  const std::string name = std::string(laion_clap::kAudioTower) + "logmel_extractor.melW";
  return (config.fusion ? make_filters(config.audio, device)
                        : load_filters(parameters, name, config.audio, device))
      .to(at::kDouble);
}

/// To 16 bits and back, towards zero, as laion-clap does before all else.
at::Tensor quantised(const at::Tensor& waveforms) {
  constexpr double kSteps = 32767;
  return ((waveforms.clamp(-1, 1) * kSteps).trunc_().to(at::kDouble) / kSteps).to(at::kFloat);
}

}  // namespace

LaionFrontEnd::LaionFrontEnd(const laion_clap::Config& config, at::Tensor filters)
    : quantise_(config.quantise),
      fusion_(config.fusion),
      window_frames_(1 + config.audio.window_samples() / config.audio.hop_length),
      front_end_(config.audio, std::move(filters), at::kDouble) {}

at::Tensor LaionFrontEnd::log_mel(const at::Tensor& waveforms, const TensorProbe& tap) const {
  const at::Tensor samples = quantise_ ? quantised(waveforms) : waveforms;
  if (tap) tap("quantised", samples);
  return front_end_.log_mel(samples.to(at::kDouble), tap);
}

at::Tensor LaionFrontEnd::views_of(const at::Tensor& log_mels) const {
  constexpr std::int64_t kViews = laion_clap::kFusionViews;
  if (!fusion_ || log_mels.size(1) != kViews * window_frames_) return log_mels;
  return log_mels.view({-1, kViews, window_frames_, log_mels.size(2)});
}

/// The whole shrunk to the frames of a window, and as many at the middle of each third of the
/// places where they can begin (the official code draws one there).
at::Tensor LaionFrontEnd::join_views(const at::Tensor& whole) const {
  constexpr std::int64_t kParts = laion_clap::kFusionViews - 1;
  const std::int64_t frames = window_frames_, places = whole.size(0) - frames + 1;
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

LaionClapTowers::LaionClapTowers(const Config& config, const ParameterSource& parameters,
                                 const at::Device& device)
    : front_end(config, filters_of(config, parameters, device)),
      audio(parameters, laion_clap::kAudioTower, config.audio),
      text(parameters, laion_clap::kTextTower, config.text),
      pooler(parameters, std::string(laion_clap::kTextTower) + "pooler.dense"),
      audio_head(parameters, "audio_projection"),
      text_head(parameters, "text_projection") {}

at::Tensor LaionClapTowers::pool_text(const at::Tensor& states, const at::Tensor&,
                                      const TensorProbe&) const {
  return at::tanh(pooler(states.select(1, 0)));
}

namespace laion_clap {
namespace {

std::unique_ptr<Network> for_inference(const Architecture& architecture,
                                       const ParameterSource& parameters,
                                       const at::Device& device) {
  const Layout layout = config_of<Config>(architecture).layout;
  const RenamedParameters ours(
      parameters, [layout](const std::string& name) { return file_names(layout, name); });
  return make_two_towers<LaionClapTowers>(architecture, ours, device);
}

}  // namespace

extern const NetworkMaker kNetwork;
const NetworkMaker kNetwork = {for_inference, nullptr};

}  // namespace laion_clap

}  // namespace claptools
