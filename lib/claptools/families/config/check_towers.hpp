#pragma once

#include <span>
#include <string>
#include <string_view>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/towers.hpp"

namespace claptools {

// What a configuration must fulfil before anything is computed of it. Each throws Error{data} that
// names `subject` and the key.

inline constexpr int kMaxDimension = 1 << 20;  ///< no dimension of a real model comes near

void require_config(bool ok, std::string_view subject, const std::string& reason);

/// @param key as messages name it.
void check_range(const std::string& key, int value, int low, int high, std::string_view subject);

void check_name_and_dim(const std::string& name, int embed_dim, std::string_view subject);

/// The keys are named "audio.KEY" and "text.KEY".
void check_audio(const AudioConfig& config, std::string_view subject);
void check_text(const TextConfig& config, std::string_view subject);
void check_text(const Gpt2Config& config, std::string_view subject);

/// MGA-CLAP's locality-aware block is not one of an ordinary HTSAT.
void refuse_local_block(const AudioConfig& config, std::string_view subject);

/// Sizes that are possible one by one can ask for more memory than any machine has.
void check_weight_bytes(std::span<const Parameter> parameters, std::string_view subject);

}  // namespace claptools
