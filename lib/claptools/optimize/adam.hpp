#pragma once

#include <vector>

#include "claptools/engine/trainer.hpp"
#include "claptools/optimize/trained_parameters.hpp"

namespace claptools {

/// Norm of all gradients together.
double gradient_norm(const std::vector<TrainedParameter>& parameters);

/// Multiplies every gradient.
void scale_gradients(const std::vector<TrainedParameter>& parameters, double factor);

/// One step of Adam or, with decoupled decay, AdamW on every parameter that has a gradient; then
/// the moving averages follow. A parameter that never gets a gradient keeps no moments. Source:
/// docs/reference/pipeline.md, steps 23 and 24.
void adam_step(std::vector<TrainedParameter>& parameters, const TrainerOptions& options,
               double learning_rate);

}  // namespace claptools
