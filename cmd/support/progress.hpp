#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "cmd/support/program.hpp"

namespace mgaclap::cmd {

/// One rewritten line "embedded 998 of 1000 clips, 45/s" where --progress wants it, at most ten
/// times a second; nothing elsewhere.
class Progress {
 public:
  /// @param verb "embedded", @param noun "clips", @param total 0 if not known.
  Progress(const Program& program, std::string verb, std::string noun, std::size_t total = 0);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Clears the line if finish() did not come.
  ~Progress();

  void update(std::size_t done) {
    show([&] { return text(done); });
  }
  /// The same with a line of its own, made only if it is due.
  void show(const std::function<std::string()>& line);

  /// Leaves the line standing.
  void finish(std::size_t done) { finish(text(done)); }
  void finish(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;
  std::string text(std::size_t done) const;

  const Messages& messages_;
  bool active_;
  std::string verb_, noun_;
  std::size_t total_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_{};
};

}  // namespace mgaclap::cmd
