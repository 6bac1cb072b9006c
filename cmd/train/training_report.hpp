#pragma once

#include <cstdint>
#include <string>

#include "claptools/train/training_log.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {

/// What clap-train says of a run that goes on: a live line where --progress wants it, and an
/// epoch's figures once it is over: validation, with -v also the means of its updates.
class TrainingReport {
 public:
  TrainingReport(const Program& program, std::uint64_t epochs);

  /// @param steps of the whole run.
  void step(const StepRecord& record, std::uint64_t steps);
  void epoch(const EpochRecord& record);

  /// Leaves the line "trained 90 of 90 steps" standing.
  void finish(std::uint64_t steps_done);

 private:
  using Clock = std::chrono::steady_clock;

  /// Sums over the updates of an epoch that this process made. Its updates have equally many clips,
  /// so that they weigh as their times do: by 1 / (clips/s).
  struct Sums {
    double steps = 0, loss = 0, time = 0, waited = 0;
    void add(const StepRecord& record);
    std::string rate() const;  ///< "12.3 clips/s, 4 % of the time waiting for data"
  };

  std::string live_text(const StepRecord& record, std::uint64_t steps) const;
  std::string time_left(std::uint64_t steps_left) const;

  const Program& program_;
  std::uint64_t epochs_, steps_ = 0;
  Progress progress_;
  Sums sums_;
  Clock::time_point start_ = Clock::now();
  std::uint64_t steps_here_ = 0;  ///< made since then
};

}  // namespace claptools::cmd
