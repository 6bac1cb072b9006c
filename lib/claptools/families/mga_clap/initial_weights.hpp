#pragma once

#include <cstdint>

#include "claptools/checkpoints/weight_set.hpp"
#include "claptools/families/mga_clap/config.hpp"

namespace claptools {

/// Weights to train from scratch, as the official code draws them: Swin's linear layers and bias
/// tables normal of deviation 0.02, convolutions and projections uniform within 1 / sqrt(fan in),
/// BERT's weights normal of deviation 0.02, the codebook standard normal, norms 1 and biases 0,
/// temperature 0.07. The queries of attention pooling, which the official code does not have, are
/// uniform as a projection of that size. Buffers of the official state dict are included.
/// @param seed each weight follows from it and the weight's name alone.
WeightSet initial_weights(const ModelConfig& config, std::uint64_t seed);

}  // namespace claptools
