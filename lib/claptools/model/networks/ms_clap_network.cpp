#include "claptools/model/networks/ms_clap_network.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/gelu.h>

#include "claptools/families/ms_clap/parameters.hpp"
#include "claptools/model/codebook.hpp"
#include "claptools/model/networks/networks.hpp"

namespace claptools {

MsClapTowers::Head::Head(const ParameterSource& parameters, const std::string& name)
    : first(parameters, name + ".linear1"),
      second(parameters, name + ".linear2"),
      norm(parameters, name + ".layer_norm", 1e-5) {}

at::Tensor MsClapTowers::Head::operator()(const at::Tensor& x, const TensorProbe& tap) const {
  const at::Tensor shortcut = first(x);
  if (tap) tap("shortcut", shortcut);
  const at::Tensor branch = second(at::gelu(shortcut));
  if (tap) tap("branch", branch);
  const at::Tensor projected = norm(shortcut + branch);
  if (tap) tap("projected", projected);
  return unit_rows(projected);
}

MsClapTowers::MsClapTowers(const Config& config, const ParameterSource& parameters,
                           const at::Device& device)
    : front_end(config.audio,
                load_filters(parameters, ms_clap::kFilters, ms_clap::filter_config(config), device),
                at::kFloat, static_cast<double>(config.audio.sample_rate) / config.mel_sample_rate),
      audio(parameters, ms_clap::kAudioTower, config.audio),
      text(parameters, ms_clap::kTextTower, config.text.layers, config.text.heads),
      audio_head(parameters, ms_clap::kAudioHead),
      text_head(parameters, ms_clap::kTextHead) {}

/// The official code takes the last token for that at the number of ids that are not 0; "!" has the
/// id 0 as padding has, so that each of them in a text moves the place forward by one.
at::Tensor MsClapTowers::pool_text(const at::Tensor& states, const at::Tensor& ids,
                                   const TensorProbe& tap) const {
  const at::Tensor place = ((ids != 0).sum(1) - 1).clamp_min(0);
  if (tap) tap("place", place);
  return states.gather(1, place.view({-1, 1, 1}).expand({-1, 1, states.size(2)})).squeeze(1);
}

namespace ms_clap {

extern const NetworkMaker kNetwork;
const NetworkMaker kNetwork = {make_two_towers<MsClapTowers>, nullptr};

}  // namespace ms_clap

}  // namespace claptools
