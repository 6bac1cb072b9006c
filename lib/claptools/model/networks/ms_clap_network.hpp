#pragma once

#include "claptools/families/ms_clap/config.hpp"
#include "claptools/model/gpt2.hpp"
#include "claptools/model/htsat.hpp"
#include "claptools/model/layers/front_end.hpp"
#include "claptools/model/networks/two_tower_network.hpp"

namespace claptools {

/// Microsoft's CLAP of 2023 on tensors: HTSAT's mean over positions, a token of GPT-2, and a
/// projection each. Source: goldens-families README, section 7.
struct MsClapTowers {
  using Config = ms_clap::Config;

  /// e = linear1(x); LayerNorm(e + linear2(gelu(e))).
  struct Head {
    Linear first, second;
    LayerNorm norm;
    Head(const ParameterSource& parameters, const std::string& name);
    /// @return [B, D], unit rows.
    at::Tensor operator()(const at::Tensor& x, const TensorProbe& tap) const;
  };

  FrontEnd front_end;
  HtsatEncoder audio;
  Gpt2Encoder text;
  Head audio_head, text_head;

  MsClapTowers(const Config& config, const ParameterSource& parameters, const at::Device& device);
  at::Tensor pool_text(const at::Tensor& states, const at::Tensor& ids,
                       const TensorProbe& tap) const;
};

using MsClapNetwork = TwoTowerNetwork<MsClapTowers>;

}  // namespace claptools
