#pragma once

#include "claptools/families/wavcaps/config.hpp"
#include "claptools/model/bert.hpp"
#include "claptools/model/htsat.hpp"
#include "claptools/model/layers/front_end.hpp"
#include "claptools/model/layers/relu_head.hpp"
#include "claptools/model/networks/two_tower_network.hpp"

namespace claptools {

/// WavCaps' HTSAT-BERT on tensors: HTSAT's mean over positions, BERT's first token, and a
/// projection each. Source: goldens-families README, section 8.
struct WavCapsTowers {
  using Config = wavcaps::Config;

  FrontEnd front_end;
  HtsatEncoder audio;
  TextEncoder text;
  ReluHead audio_head, text_head;

  WavCapsTowers(const Config& config, const ParameterSource& parameters, const at::Device& device);
  at::Tensor pool_text(const at::Tensor& states, const at::Tensor& ids,
                       const TensorProbe& tap) const;
};

using WavCapsNetwork = TwoTowerNetwork<WavCapsTowers>;

}  // namespace claptools
