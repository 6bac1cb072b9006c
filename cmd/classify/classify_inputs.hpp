#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cmd/classify/label_options.hpp"
#include "cmd/classify/label_pictures.hpp"
#include "cmd/classify/row_table.hpp"
#include "cmd/classify/teaching/teach_options.hpp"
#include "cmd/model/audio_options.hpp"
#include "cmd/model/model_options.hpp"

namespace claptools::cmd {

struct ClassifyOptions {
  std::vector<std::string> inputs;
  LabelSources sources;
  std::string classifier;  ///< instead of labels; may be empty
  TeachArguments teach;
  LabelOptions output;
  AudioOptions audio;
  ModelChoice model;
  bool allow_pipe = false;  ///< run commands
  const CLI::App* app = nullptr;
};

/// Before work starts. @return whether the inputs are embedding files.
/// @throws Error{usage}, {cannot_create}.
bool check_options(ClassifyOptions& options);

/// Rejects a file by its header.
using AcceptRows = std::function<void(const std::string& subject, const EmbeddingHeader& header)>;

/// The rows of embedding files -> the table.
/// @throws Error{data} for files that are not accepted or lack what is needed.
void classify_files(const ClassifyOptions& options, const AcceptRows& accept, RowTable& table,
                    const Messages& messages);

/// Recordings, embedded by `model` -> the table. @param sha256 of the model's weights.
/// @param pictures of the table, or null.
/// @return the exit code: {no_input} where not one recording could be read.
int classify_audio(const ClassifyOptions& options, const Program& program, const Model& model,
                   const std::string& sha256, const AcceptRows& accept, RowTable& table,
                   LabelPictures* pictures);

}  // namespace claptools::cmd
