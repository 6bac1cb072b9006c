#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mgaclap/families/mga_clap/config.hpp"
#include "mgaclap/checkpoints/weight_set.hpp"

namespace mgaclap {

/// One entry of the official state dict.
struct Parameter {
  std::string name;
  std::vector<std::int64_t> shape;
  DType dtype = DType::f32;
  /// false: a buffer that follows from the config, or a weight of the official code that no output
  /// depends on; it may be absent (goldens README, sections 1 and 2).
  bool required = true;
};

/// The official state dict of a configuration, under the official names, in the official order.
std::vector<Parameter> model_parameters(const ModelConfig& config);

/// @throws Error{data} naming `subject` and the first weight that is missing, unknown, mis-shaped
/// or of a type that is
///         not floating point where it should be. Half precision is accepted wherever float32 is.
void check_parameters(const WeightSet& weights, const ModelConfig& config,
                      std::string_view subject);

/// What the shapes of a checkpoint tell about its configuration; the rest is taken from `base`.
/// @throws Error{data} naming the weight whose absence or rank makes that impossible.
ModelConfig infer_config(const WeightSet& weights, const ModelConfig& base,
                         std::string_view subject);

/// The same for one tower.
AudioConfig infer_audio_config(const WeightSet& weights, const AudioConfig& base,
                               std::string_view subject);
TextConfig infer_text_config(const WeightSet& weights, const TextConfig& base,
                             std::string_view subject);

}  // namespace mgaclap
