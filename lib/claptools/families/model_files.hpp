#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "claptools/checkpoints/weight_set.hpp"
#include "claptools/core/log.hpp"
#include "claptools/families/architecture.hpp"

namespace claptools {

/// A model on disk: architecture, weights (mapped, not copied) and vocabulary.
struct ModelFiles {
  std::filesystem::path path;  ///< as the user named it
  std::shared_ptr<const Architecture> architecture;
  WeightSet weights;
  std::filesystem::path vocabulary;  ///< its first file
  /// Its model.safetensors is not as write_model_directory() writes it.
  bool foreign = false;

  const ModelSpec& spec() const { return architecture->spec(); }

  /// All files of the vocabulary, in the order of Architecture::vocabulary_files().
  std::vector<std::filesystem::path> vocabulary_files() const {
    return architecture->vocabulary_paths(vocabulary);
  }
};

struct ModelPaths {
  std::filesystem::path model;  ///< a model directory or a checkpoint (.pt)
  /// Overrides what a checkpoint's shapes cannot tell; may be empty.
  std::filesystem::path config;
  std::filesystem::path vocabulary;  ///< may be empty
  /// Folder of vocabularies for a model without one beside it; may be empty.
  std::filesystem::path share;
};

/// Reads a model directory (config.json, weights as read_weight_folder() finds them, vocabulary) or
/// the authors' checkpoint.
/// @throws Error{no_input} for what is missing, {data} for what is wrong, naming the file and the
/// weight.
ModelFiles read_model_files(const ModelPaths& paths, const Log& log);

/// Writes a model directory under a temporary name and renames it. Without a path the vocabulary is
/// left out.
/// @param known_answer stored as known_answer.safetensors unless empty (engine/known_answer.hpp).
/// @throws Error{cannot_create} if it exists and not overwrite, or is not a model directory, {io}.
void write_model_directory(const std::filesystem::path& path, const ModelFiles& files,
                           bool overwrite, const WeightSet& known_answer = {});

/// Writes a model into a new folder or over an older model, file by file, each by rename, the
/// weights last. Other files in the folder are kept.
/// @throws Error{cannot_create}, {io}.
void update_model_directory(const std::filesystem::path& path, const ModelFiles& files,
                            const WeightSet& known_answer = {});

/// The known answer stored with a model directory. @throws Error{data} if there is none.
WeightSet read_known_answer(const std::filesystem::path& model);

/// Passes on the bytes that identify the weights: those of model.safetensors as
/// write_model_directory writes it. A checkpoint and the directory converted from it give the same,
/// and for such a directory it is the file itself.
void visit_weight_bytes(const ModelFiles& files,
                        const std::function<void(std::span<const std::byte>)>& sink);

}  // namespace claptools
