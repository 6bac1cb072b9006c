#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// One update. In the file a value that is not finite is null.
struct StepRecord {
  std::uint64_t step = 0;   ///< updates done before this one
  std::uint64_t epoch = 0;  ///< counted from 0
  double loss = 0;
  double contrastive = 0, regulariser = 0;  ///< the loss's parts
  double learning_rate = 0;
  double temperature = 0;
  double gradient_norm = 0;
  double data_wait_share = 0;  ///< of the step's time, waiting for data
  double clips_per_s = 0;
};

/// What an epoch's validation gave.
struct EpochRecord {
  std::uint64_t epoch = 0;  ///< counted from 0
  std::uint64_t steps = 0;  ///< updates done
  MetricValues validation;  ///< totals; a class name is left out
};

struct TrainingHistory {
  std::vector<StepRecord> steps;
  std::vector<EpochRecord> epochs;
};

/// How far a run had come: what a checkpoint holds.
struct TrainingProgress {
  std::uint64_t steps = 0;   ///< updates done
  std::uint64_t epochs = 0;  ///< epochs validated
};

/// The learning curve on disk, as JSON Lines: one object per update, with the names of StepRecord,
/// and one per epoch, {"epoch": 0, "steps": 100, "validation": {NAME: VALUE}}.
class TrainingLog {
 public:
  /// Continues a log after `done`: what follows is cut off, also a last line that was being
  /// written. Without progress a new log begins, in place of one that is there. A log that ends
  /// before `done` is reported as a warning.
  /// @throws Error{cannot_create}, also while another process has it open for writing; {io}; {data}
  /// for a line that is not a record.
  TrainingLog(const std::filesystem::path& path, const TrainingProgress& done, const Log& log);
  TrainingLog(const TrainingLog&) = delete;
  TrainingLog& operator=(const TrainingLog&) = delete;
  ~TrainingLog();

  /// Appends a line. @throws Error{io}.
  void append(const StepRecord& record);
  /// The same, and sync().
  void append(const EpochRecord& record);

  /// On return the lines survive a loss of power; to be called before a checkpoint counts on them.
  /// @throws Error{io}.
  void sync();

 private:
  void lock() const;
  void write_line(std::string_view line);

  std::string subject_;
  int descriptor_ = -1;
};

/// Reads a log; a last line that was being written is left out.
/// @throws Error{no_input}, {data} naming the line that is not a record.
TrainingHistory read_training_log(const std::filesystem::path& path);

}  // namespace claptools
