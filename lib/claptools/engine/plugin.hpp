#pragma once

#include "claptools/engine/model.hpp"
#include "claptools/engine/trainer.hpp"

namespace claptools {

/// What the plug-in (libclaptools_torch.so) exports; exceptions pass through its functions.
using CreateModel = Model* (*)(ModelFiles files, const ModelOptions& options, const Log& log);
using CreateTrainer = Trainer* (*)(ModelFiles start, const TrainerOptions& options,
                                   Communicator& processes, const Log& log);

inline constexpr const char* kCreateModel = "claptools_create_model";
inline constexpr const char* kCreateTrainer = "claptools_create_trainer";

/// A function of the plug-in, which is opened at the first call.
/// @throws Error{unavailable} if it is missing.
void* plugin_function(const char* symbol);

}  // namespace claptools
