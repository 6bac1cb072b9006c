#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/laion_clap/config.hpp"

namespace claptools::laion_clap {

// Prefixes of laion-clap's own names, under which the networks are made.
inline constexpr const char* kAudioTower = "audio_branch.";
inline constexpr const char* kTextTower = "text_branch.";

/// What a weight of laion-clap's name is called in a layout: one name; three for the query, key and
/// value that Hugging Face keeps apart; none for what that layout has not.
/// Source: docs/reference/laion_clap.md, "Two programs".
std::vector<std::string> file_names(Layout layout, const std::string& name);

/// The weights of a configuration, under its layout's names.
std::vector<Parameter> model_parameters(const Config& config);

/// What the names and shapes of laion-clap's checkpoint tell about its configuration; the rest is
/// taken from `base`. @throws Error{data} naming the weight that makes it impossible.
Config infer_config(const WeightSet& weights, const Config& base, std::string_view subject);

}  // namespace claptools::laion_clap
