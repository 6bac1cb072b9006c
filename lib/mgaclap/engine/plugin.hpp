#pragma once

#include "mgaclap/engine/model.hpp"
#include "mgaclap/engine/trainer.hpp"

namespace mgaclap {

/// What the plug-in (libmgaclap_torch.so) exports; exceptions pass through its functions.
using CreateModel = Model* (*)(ModelFiles files, const ModelOptions& options, const Log& log);
using CreateTrainer = Trainer* (*)(ModelFiles start, const TrainerOptions& options,
                                   Communicator& processes, const Log& log);

inline constexpr const char* kCreateModel = "mgaclap_create_model";
inline constexpr const char* kCreateTrainer = "mgaclap_create_trainer";

/// A function of the plug-in, which is opened at the first call.
/// @throws Error{unavailable} if it is missing.
void* plugin_function(const char* symbol);

}  // namespace mgaclap
