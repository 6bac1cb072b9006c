#pragma once

#include <string>
#include <string_view>

#include "claptools/core/log.hpp"

namespace claptools::cmd {

/// What a tool says on standard error: whole lines that begin with its name, control characters
/// escaped, of at most 300 bytes: long names lose their middle. May be used from several threads.
class Messages {
 public:
  explicit Messages(std::string program) : program_(std::move(program)) {}

  bool quiet = false;    ///< no warnings, no progress
  bool verbose = false;  ///< details as well

  void error(std::string_view text) const { line("error: ", text); }
  /// "SUBJECT: reason", in which the reason is kept where the subject is long.
  void error(std::string_view subject, std::string_view reason) const;
  void warn(std::string_view text) const;
  /// Also with -q: what a run came to.
  void note(std::string_view text) const { line("", text); }
  void detail(std::string_view text) const;

  /// For the library, which does not print. This object must outlive it.
  Log log() const;

  /// Rewrites one line that the next message clears; an empty text clears it. Cut to the width of
  /// the terminal, which could not rewrite what it has wrapped.
  void progress(std::string_view text) const;

 private:
  void line(std::string_view kind, std::string_view text) const;

  std::string program_;
};

}  // namespace claptools::cmd
