#pragma once

#include <chrono>
#include <cstddef>

#include "claptools/runs/part_file.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {

/// How far a run over recordings is: "embedded 998 of 1000 clips, 3 failed, 0:00:12 left, 2.8 h of
/// audio, 45 x real time".
class EmbedProgress {
 public:
  /// @param total 0 if not known.
  EmbedProgress(const Program& program, std::size_t total);

  /// @param copied from a part of an earlier run: no measure of speed.
  void add(const PartInput& input, bool failed, bool copied);

  void finish();

 private:
  std::string text() const;

  std::size_t total_, done_ = 0, copied_ = 0, failed_ = 0;
  double seconds_ = 0, fresh_seconds_ = 0;  ///< of audio; of them, embedded by this run
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Progress line_;
};

}  // namespace claptools::cmd
