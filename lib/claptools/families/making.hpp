#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "claptools/families/model_files.hpp"

namespace claptools {

// Models that are generated or assembled. So far all of them are MGA-CLAP models.

/// A model of generated weights, the same on every machine.
struct SyntheticOptions {
  std::filesystem::path config;  ///< config.json; empty: the published architecture
  std::filesystem::path vocabulary;
  std::string salt = "synthetic";  ///< keeps two such models apart
  double gain = 8;                 ///< of the last projections
};

/// @throws Error{no_input}, {data}.
ModelFiles make_synthetic(const SyntheticOptions& options, const Log& log);

/// Where a training begins.
struct StartOptions {
  std::string model;                 ///< a model to resume from; empty: from scratch
  std::string config;                ///< of a model from scratch
  std::string vocabulary;            ///< empty: that of the text weights, or the default one
  std::string audio_weights;         ///< HTSAT checkpoint
  std::string text_weights;          ///< BERT: folder or safetensors
  std::string name;                  ///< of the model; empty: as the config says
  std::string pooling;               ///< empty: as the config says
  std::optional<bool> local_block;   ///< nothing: as the config says
  std::optional<float> temperature;  ///< of a model from scratch
};

/// What to train: weights, configuration and vocabulary.
/// @param model as read_model_files() gives options.model; null: from scratch.
/// @throws Error{usage}, {no_input}, {data}, also for a model of a family that is not trained.
ModelFiles make_start(const StartOptions& options, const ModelFiles* model,
                      const std::filesystem::path& default_vocabulary, std::uint64_t seed,
                      const Log& log);

/// Removes the text tower, the vocabulary and what follows from the configuration from a model.
/// @throws Error{data} for a model of another family.
void remove_text_tower(ModelFiles& files);

/// Restores what remove_text_tower() removed from `part`.
/// @param text folder of the BERT that it was trained with.
ModelFiles join_text_tower(const std::filesystem::path& part, const std::filesystem::path& text,
                           const Log& log);

}  // namespace claptools
