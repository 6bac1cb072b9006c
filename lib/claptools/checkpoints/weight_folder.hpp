#pragma once

#include <filesystem>

#include "claptools/checkpoints/weight_set.hpp"

namespace claptools {

// What a folder of weights may hold, in the order in which they are looked for.
inline constexpr const char* kSafetensorsFile = "model.safetensors";
inline constexpr const char* kSafetensorsIndex = "model.safetensors.index.json";
inline constexpr const char* kTorchFile = "pytorch_model.bin";
inline constexpr const char* kTorchIndex = "pytorch_model.bin.index.json";

/// The weights of a folder: model.safetensors; the shards that model.safetensors.index.json lists;
/// pytorch_model.bin, or its shards. Nothing is copied.
/// @throws Error{no_input} if there is none of them, {data} as the readers of each do, for a shard
/// outside the folder, and for weights that an index does not list or a shard has not.
WeightSet read_weight_folder(const std::filesystem::path& folder);

}  // namespace claptools
