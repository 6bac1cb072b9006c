#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "claptools/core/files/input_stream.hpp"

namespace claptools::cmd {

/// Lines of a file or standard input as they come: of a pipe that somebody types into each one at
/// once, of a file as many as are asked for.
class LineSource {
 public:
  /// @param path "-" is standard input.
  /// @param prompt shown on standard error to somebody who types the lines; may be empty.
  /// @throws as InputStream.
  explicit LineSource(const std::string& path, std::string prompt = {});

  /// Waits for a line, then takes those that are there already, without their line breaks (\n or
  /// \r\n); none at the end. @param most at least 1.
  /// @throws Error{io} if they cannot be read, {data} for one that is not UTF-8 or is longer than a
  /// mebibyte.
  std::vector<std::string> next(std::size_t most);

 private:
  bool take(std::string& line);
  void check(const std::string& line) const;
  void fill();

  DescriptorBuffer in_;
  std::string prompt_;  ///< empty where nobody types
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of the first line that has not been taken
  std::size_t number_ = 0;
  bool ended_ = false;
};

}  // namespace claptools::cmd
