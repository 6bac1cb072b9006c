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

  /// Looks, but changes nothing.
  /// @throws Error{cannot_create} if it exists and is to be refused or is no model directory;
  /// {no_input} if no run was ever begun there that could be resumed.
  RunFolder(std::filesystem::path path, Existing existing);

  /// Makes the folder for a new run; what an older one left in training/ is removed, its model
  /// stays until there is a new one.
  /// @throws Error{cannot_create}.
  void create() const;

  /// Removes files that a killed process was writing; only while the log is open, which keeps other
  /// processes away.
  void remove_leftovers() const;

  std::filesystem::path log_file() const { return training_ / "log.jsonl"; }

  /// Writes the weights of this moment: as the last ones, and if `best` as those of the model.
  void write_model(const ModelFiles& files, bool best, const WeightSet& known_answer = {}) const;

  /// @throws Error{io}, {cannot_create}.
  void save(const SavedRun& run) const;

  /// Nothing if the run was stopped before its first state. @throws Error{data} if it is damaged.
  std::optional<SavedRun> load() const;

  /// Draws the learning curve anew.
  void draw_curve(const std::string& title, const std::string& command) const;

 private:
  std::filesystem::path path_, training_;
};

}  // namespace mgaclap
