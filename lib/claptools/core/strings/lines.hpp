#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace claptools {

/// Reads the lines of a text from outside, one after another, and checks that it is a text.
class LineReader {
 public:
  /// @param subject for messages. Both must outlive this.
  LineReader(std::istream& in, std::string_view subject, char end = '\n')
      : in_(in), subject_(subject), end_(end) {}

  /// The next line without its end; a byte-order mark is dropped, and a carriage return where
  /// lines end with a line feed. @return false at the end.
  /// @throws what reading throws; Error{data} for a line of more than 16 MiB.
  bool next(std::string& line);

  /// As next(), for names of files, which may have any bytes but NUL.
  /// @throws Error{data} naming the line and what the file seems to be.
  bool next_name(std::string& line);

  /// As next(), for what must be UTF-8.
  /// @throws Error{data} naming line and byte of what is not, or of a NUL.
  bool next_text(std::string& line);

  std::size_t number() const { return number_; }  ///< of the line that was given last, from 1

  /// Refuses a line that next() gave, if it is not UTF-8.
  void check_text(std::string_view line) const;

 private:
  bool read(std::string& line);
  void check_kind() const;
  void check_nul(std::string_view line) const;

  std::istream& in_;
  std::string_view subject_;
  char end_;
  bool at_end_ = false;
  std::size_t number_ = 0;
  std::string beginning_;  ///< of the file
};

/// Why a text cannot be embedded or carried, with the byte it begins at, from 1; nothing if it is
/// UTF-8 without NUL: "byte 4: not UTF-8 (0xe9)".
std::optional<std::string> find_text_fault(std::string_view text);

/// The same as an error. @throws Error{data}.
void check_text(std::string_view text, std::string_view subject);

}  // namespace claptools
