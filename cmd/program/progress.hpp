#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "cmd/program/program.hpp"

namespace claptools::cmd {

/// How far a run is, "embedded 998 of 1000 clips, 45/s": on a terminal, or with --progress always,
/// one rewritten line, at most ten times a second; elsewhere a line a minute; with --progress never
/// or -q nothing.
class Progress {
 public:
  /// @param verb "embedded", @param noun "clips", @param total 0 if not known. @param pause between
  /// two lines where they are not rewritten.
  Progress(const Program& program, std::string verb, std::string noun, std::size_t total = 0,
           std::chrono::milliseconds pause = std::chrono::minutes(1));
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Clears the line if finish() did not come.
  ~Progress();

  void update(std::size_t done) {
    show([&] { return text(done); });
  }
  /// The same with a line of its own, made only if it is due.
  void show(const std::function<std::string()>& line);

  /// Nothing is shown from now on.
  void clear();

  /// Leaves the line standing; without a rewritten one, there is none.
  void finish(std::size_t done) { finish(text(done)); }
  void finish(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;
  enum class Form { none, rewritten, lines };
  static Form form_for(const Program& program);
  std::string text(std::size_t done) const;

  const Messages& messages_;
  Form form_;
  std::chrono::milliseconds pause_;
  std::string verb_, noun_;
  std::size_t total_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_;
};

}  // namespace claptools::cmd
