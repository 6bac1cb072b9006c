#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "mgaclap/train/training_log.hpp"
#include "mgaclap/weights/model_files.hpp"

namespace mgaclap {

/// What a stopped run goes on from.
struct SavedRun {
  WeightSet state;  ///< of the trainer
  TrainingProgress done;
  double best = 0;      ///< of the metric that chooses the best weights; NaN before the first
  std::string options;  ///< "NAME=VALUE" lines that shape the run
};

/// The output of a training: a model directory with the best weights so far and, in its folder
/// training/, `log.jsonl`, `curve.svg`, `curve.html`, `last/` (a model directory with the last
/// weights) and `state.safetensors`. Every file appears by rename.
class RunFolder {
 public:
  enum class Existing { refuse, replace, resume };

  /// @throws Error{cannot_create} if it exists and is to be refused or is no model directory;
  /// {data} if there is nothing to resume.
  RunFolder(std::filesystem::path path, Existing existing);

  std::filesystem::path log_file() const { return training_ / "log.jsonl"; }

  /// Writes the weights of this moment: as the last ones, and if `best` as those of the model.
  void write_model(const ModelFiles& files, bool best, const WeightSet& known_answer = {}) const;

  /// @throws Error{io}, {cannot_create}.
  void save(const SavedRun& run) const;

  /// @throws Error{no_input} if no state was saved, {data} if it is damaged.
  SavedRun load() const;

  /// Draws the learning curve anew.
  void draw_curve(const std::string& title, const std::string& command) const;

 private:
  std::filesystem::path path_, training_;
};

}  // namespace mgaclap
