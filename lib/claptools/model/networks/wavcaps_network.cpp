#include "claptools/model/networks/wavcaps_network.hpp"

#include "claptools/model/networks/networks.hpp"

namespace claptools {

WavCapsTowers::WavCapsTowers(const Config& config, const ParameterSource& parameters,
                             const at::Device& device)
    : front_end(config.audio, load_filters(parameters, wavcaps::kFilters, config.audio, device)),
      audio(parameters, wavcaps::kAudioTower, config.audio),
      text(parameters, wavcaps::kTextTower, config.text),
      audio_head(parameters, wavcaps::kAudioHead),
      text_head(parameters, wavcaps::kTextHead) {}

at::Tensor WavCapsTowers::pool_text(const at::Tensor& states, const at::Tensor&,
                                    const TensorProbe&) const {
  return states.select(1, 0);
}

namespace wavcaps {

extern const NetworkMaker kNetwork;
const NetworkMaker kNetwork = {make_two_towers<WavCapsTowers>, nullptr};

}  // namespace wavcaps

}  // namespace claptools
