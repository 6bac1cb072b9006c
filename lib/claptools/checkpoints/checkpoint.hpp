#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "claptools/checkpoints/weight_set.hpp"

namespace claptools {

/// Reads the state dict of a checkpoint as the authors' code writes it: a torch.save zip with
/// {'model': state_dict, ...} (or 'state_dict', as Lightning writes it) or a bare state dict, with
/// or without the `module.` prefix of a distributed run. Nothing in the pickle is executed; tensors
/// that are contiguous are views into the mapped file. Source: docs/reference/pipeline.md,
/// "Checkpoint files".
/// @throws Error{no_input}, {data}.
WeightSet read_checkpoint(const std::filesystem::path& path);

/// The same for bytes that outlive the result.
WeightSet parse_checkpoint(std::span<const std::byte> bytes, std::string_view subject);

/// Writes {key: state_dict}, or without a key the state dict alone, as torch.save does (zip of
/// stored members, 64-byte aligned), for the authors' scripts.
/// @throws Error{cannot_create}, {io}; {data} above 4 GiB, which would need zip64.
void write_checkpoint(const std::filesystem::path& path, const WeightSet& weights,
                      const std::string& key = "model");

}  // namespace claptools
