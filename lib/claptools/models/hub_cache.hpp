#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace claptools {

/// Whether a word can be a model's name in Hugging Face's Hub: "laion/clap-htsat-unfused".
bool is_hub_name(std::string_view word);

/// Where Hugging Face's programs keep what they fetched: $HF_HUB_CACHE, $HF_HOME/hub or
/// ~/.cache/huggingface/hub.
std::filesystem::path hub_cache();

/// The folder of a model's main revision in a cache; nothing if it was not fetched.
std::optional<std::filesystem::path> find_in_hub_cache(std::string_view name,
                                                       const std::filesystem::path& cache);

/// A model as it was named; where there is no such path, the one of that name in hub_cache().
/// @throws Error{no_input} naming the command that fetches it if it is in neither.
std::filesystem::path find_model(const std::string& model);

}  // namespace claptools
