#pragma once

#include "claptools/families/laion_clap/config.hpp"
#include "claptools/model/bert.hpp"
#include "claptools/model/htsat.hpp"
#include "claptools/model/layers/front_end.hpp"
#include "claptools/model/layers/relu_head.hpp"
#include "claptools/model/networks/two_tower_network.hpp"

namespace claptools {

/// Log-mels in double, of samples that laion-clap rounds first, and views of long recordings.
class LaionFrontEnd {
 public:
  /// @param filters as LogMel's, double.
  LaionFrontEnd(const laion_clap::Config& config, at::Tensor filters);

  MelBands bands() const { return front_end_.bands(); }
  std::size_t floats_per_window() const { return front_end_.floats_per_window(); }
  at::Tensor log_mel(const at::Tensor& waveforms, const TensorProbe& tap) const;

  /// [B, views * T, mels] of a model that joins views -> [B, views, T, mels]; else unchanged.
  at::Tensor views_of(const at::Tensor& log_mels) const;
  at::Tensor join_views(const at::Tensor& whole) const;

 private:
  bool quantise_, fusion_;
  std::int64_t window_frames_;
  FrontEnd front_end_;
};

/// LAION's CLAP on tensors: HTSAT's mean over positions, RoBERTa's pooler, and a projection each.
/// Source: docs/reference/laion_clap.md.
struct LaionClapTowers {
  using Config = laion_clap::Config;

  LaionFrontEnd front_end;
  HtsatEncoder audio;
  TextEncoder text;
  Linear pooler;
  ReluHead audio_head, text_head;

  /// @param parameters under laion-clap's own names.
  LaionClapTowers(const Config& config, const ParameterSource& parameters,
                  const at::Device& device);
  at::Tensor pool_text(const at::Tensor& states, const at::Tensor& ids,
                       const TensorProbe& tap) const;
};

using LaionClapNetwork = TwoTowerNetwork<LaionClapTowers>;

}  // namespace claptools
