#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/lines.hpp"
#include "cmd/program/messages.hpp"

namespace claptools::cmd {

/// Texts of a command line: an argument that names a file stands for its lines, "-" for those of
/// standard input, any other is a text itself, also a word that is a folder's name. Empty lines are
/// texts too, so that the rows stay those of the file.
class TextSource {
 public:
  /// @param nul_separated what is read from standard input ends with NUL instead of a line break.
  /// @param stop once it is set, the texts end early.
  TextSource(std::vector<std::string> arguments, bool nul_separated, const Messages& messages,
             const std::atomic<bool>& stop);

  /// Up to `count` further texts; none at the end.
  /// @throws Error{no_input}, {io} for a file that cannot be read, {data} naming line and byte for
  /// what is not UTF-8.
  std::vector<std::string> next(std::size_t count);

 private:
  struct List {
    List(const std::string& path, char end, const std::atomic<bool>& stop)
        : in(path, &stop), lines(in, in.subject(), end) {}
    InputStream in;
    LineReader lines;
  };

  bool next_line(std::string& line);
  bool open_next(std::string& text);

  std::vector<std::string> arguments_;
  bool nul_separated_;
  const Messages& messages_;
  const std::atomic<bool>& stop_;
  std::size_t argument_ = 0;
  std::unique_ptr<List> open_;  ///< null: between two arguments
};

}  // namespace claptools::cmd
