#pragma once

#include "mgaclap/families/model_spec.hpp"
#include "mgaclap/families/mga_clap/config.hpp"

namespace mgaclap::mga_clap {

/// What the house may know of an MGA-CLAP model.
ModelSpec make_spec(const ModelConfig& config);

}  // namespace mgaclap::mga_clap
