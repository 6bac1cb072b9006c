#pragma once

#include <filesystem>
#include <string_view>

namespace claptools {

// The files of a model directory.
inline constexpr const char* kConfigFile = "config.json";
inline constexpr const char* kWeightsFile = "model.safetensors";
inline constexpr const char* kVocabularyFile = "vocab.txt";
inline constexpr const char* kByteVocabularyFile = "vocab.json";
inline constexpr const char* kMergesFile = "merges.txt";
inline constexpr const char* kTokenizerFile = "tokenizer.json";
inline constexpr const char* kKnownAnswerFile = "known_answer.safetensors";

bool is_model_file(std::string_view name);

/// Whether a file is a configuration as these tools write it, and not another program's file of
/// that name.
bool is_model_config(const std::filesystem::path& file);

/// Whether a folder is empty, or contains a model of these tools and no other file.
bool holds_only_model(const std::filesystem::path& folder);

/// To be called before the work whose result write_model_directory writes.
/// @throws Error{cannot_create} if the path exists and not `overwrite`, or is anything that
/// overwriting would destroy more of than a model.
void check_model_output(const std::filesystem::path& path, bool overwrite);

}  // namespace claptools
