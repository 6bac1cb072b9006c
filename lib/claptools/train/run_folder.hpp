#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "claptools/families/model_files.hpp"
#include "claptools/train/training_log.hpp"

namespace claptools {

/// What a stopped run resumes from.
struct SavedRun {
  WeightSet state;  ///< of the trainer
  TrainingProgress done;
  double best = 0;      ///< of the metric that chooses the best weights; NaN before the first
  std::string options;  ///< "NAME=VALUE" lines that shape the run
};

/// The output of a training: a model directory with the best weights so far and, in its folder
/// training/, `log.jsonl`, `curve.svg`, `curve.html`, `last/` (a model directory with the last
/// weights) and `state.safetensors`. Every file appears by rename. Copies are one folder.
class RunFolder {
 public:
  enum class Existing { refuse, replace, resume };

  /// Looks, but changes nothing.
  /// @throws Error{cannot_create} if it exists, is not empty and is to be refused, is not a model
  /// directory, or holds files in training/ that no training wrote; {no_input} if no run was ever
  /// begun there that could be resumed.
  RunFolder(std::filesystem::path path, Existing existing);

  /// Takes the OutputLock of a folder that is there, for as long as this object lives.
  /// @throws Error{cannot_create} if another process is writing it.
  void claim() const;

  /// Makes the folder for a new run, and claims it. What an older one left in training/ goes with
  /// the first save(), its model when there is a new one. A run that ends before its first update
  /// leaves what was there. An empty folder counts as none.
  /// @throws Error{cannot_create}.
  void create() const;

  /// Removes files that a killed process was writing.
  void remove_leftovers() const;

  std::filesystem::path log_file() const { return training() / "log.jsonl"; }

  /// Writes the weights of this moment: as the last ones, and if `best` as those of the model.
  void write_model(const ModelFiles& files, bool best, const WeightSet& known_answer = {}) const;

  /// The first one of a new run puts its training/ in the place of an older one.
  /// @throws Error{io}, {cannot_create}.
  void save(const SavedRun& run) const;

  /// Nothing if the run was stopped before its first state. @throws Error{data} if it is damaged.
  std::optional<SavedRun> load() const;

  /// Draws the learning curve again.
  void draw_curve(const std::string& title, const std::string& command) const;

 private:
  struct Claim;

  /// training/, or where it is prepared.
  std::filesystem::path training() const;

  std::filesystem::path path_, training_;
  Existing existing_;
  std::shared_ptr<Claim> claim_;
};

}  // namespace claptools
