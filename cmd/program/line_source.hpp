#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace claptools::cmd {

/// Lines of a descriptor as they come: of a pipe that somebody types into each one at once, of a
/// file as many as are asked for.
class LineSource {
 public:
  /// @param subject what messages call it.
  LineSource(int descriptor, std::string subject)
      : descriptor_(descriptor), subject_(std::move(subject)) {}

  /// Waits for a line, then takes those that are there already, without their line breaks (\n or
  /// \r\n); none at the end. @param most at least 1.
  /// @throws Error{io}, {no_input} if they cannot be read, {data} for one that is not UTF-8 or is
  /// longer than a mebibyte.
  std::vector<std::string> next(std::size_t most);

 private:
  bool take(std::string& line);
  void check(const std::string& line) const;
  bool is_ready(int timeout_ms) const;
  void fill();

  int descriptor_;
  std::string subject_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of the first line that has not been taken
  std::size_t number_ = 0;
  bool ended_ = false;
};

}  // namespace claptools::cmd
