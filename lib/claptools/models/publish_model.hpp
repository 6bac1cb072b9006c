#pragma once

#include <filesystem>
#include <string>

#include "claptools/core/log.hpp"
#include "claptools/families/model_files.hpp"

namespace claptools {

struct PublishOptions {
  std::string device = "auto";  ///< of the model that computes the known answer, as in ModelOptions
  bool overwrite = false;
};

/// Weights for storage in half the space. @throws as to_half(WeightSet).
void to_half(ModelFiles& files);

/// Writes a model directory that verify_model() can verify. The model is loaded for that, which
/// shows that it can be.
/// @throws as Model::load and write_model_directory.
void publish_model(const std::filesystem::path& path, const ModelFiles& files,
                   const PublishOptions& options, const Log& log);

/// Writes the part of a model that join_model() makes whole again: without the text tower, the
/// vocabulary and what follows from the configuration or is not used, but with the known answer of
/// the whole.
/// @throws as publish_model.
void split_model(const std::filesystem::path& path, ModelFiles files, const PublishOptions& options,
                 const Log& log);

/// A part as split_model() left it, and what it was trained with.
struct SplitModel {
  std::filesystem::path part;
  std::filesystem::path text;  ///< folder of the text tower: model.safetensors, vocab.txt
};

/// Publishes the whole model, once the part's known answer has proved that the text tower is the
/// one that it was trained with.
/// @param half its weights are converted by to_half().
/// @throws Error{data} naming the text tower if it is another one; {no_input}; as publish_model.
void join_model(const std::filesystem::path& path, const SplitModel& split, bool half,
                const PublishOptions& options, const Log& log);

}  // namespace claptools
