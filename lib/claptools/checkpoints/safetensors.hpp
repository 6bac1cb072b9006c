#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "claptools/checkpoints/weight_set.hpp"

namespace claptools {

/// Maps a .safetensors file; nothing is copied. Header size, JSON, dtypes, shapes and offsets are
/// checked: the tensors must tile the data exactly, without holes, overlap or duplicate names.
/// @throws Error{no_input}, {data}.
WeightSet read_safetensors(const std::filesystem::path& path);

/// The same for bytes that outlive the result. @param subject for messages.
WeightSet parse_safetensors(std::span<const std::byte> bytes, std::string_view subject);

using ByteSink = std::function<void(std::span<const std::byte>)>;

/// The file for a set of weights, piece by piece: tensors in byte order of their names after a
/// header padded to 64 bytes. The same weights always give the same bytes, so a digest of them
/// identifies a model whatever container it came in.
void serialise_safetensors(const WeightSet& weights,
                           const std::map<std::string, std::string>& metadata,
                           const ByteSink& sink);

/// Writes beside `path`, syncs and renames. @throws Error{cannot_create}, {io}.
void write_safetensors(const std::filesystem::path& path, const WeightSet& weights,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace claptools
