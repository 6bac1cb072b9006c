#pragma once

#include <chrono>
#include <cstddef>

#include "claptools/runs/part_file.hpp"
#include "claptools/runs/run_report.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {

/// How far a run over recordings is, and what it came to: "embedded 998 of 1000 clips, 2
/// failed, 2.8 h of audio, 45 x real time".
class EmbedProgress {
 public:
  /// @param total 0 if not known.
  EmbedProgress(const Program& program, std::size_t total);

  /// @param copied from a part of an earlier run: no measure of speed.
  void add(const PartInput& input, bool failed, bool copied);

  /// So many seconds of the input in hand were embedded.
  void advance(double seconds);

  /// Leaves the last line standing, unless messages are quiet.
  void finish();

  /// Of all inputs that were added.
  RunTotals totals() const;

 private:
  std::string text() const;
  double spent_s() const;

  const Messages& messages_;
  std::size_t total_, done_ = 0, copied_ = 0, failed_ = 0;
  double seconds_ = 0, fresh_seconds_ = 0;  ///< of audio; of them, embedded by this run
  double current_s_ = 0;                    ///< of the input in hand
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Progress line_;
};

}  // namespace claptools::cmd
