#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace claptools {

struct Utf8Char {
  char32_t code_point = 0xFFFD;
  std::size_t length = 1;  ///< bytes to step over, at least 1
  bool valid = false;      ///< false: not UTF-8 (overlong, surrogate, cut off, stray byte)
};

/// The first character of a text that is not empty.
Utf8Char decode_utf8(std::string_view text);

void append_utf8(std::string& out, char32_t code_point);

bool is_utf8(std::string_view text);

/// Each maximal invalid sequence becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

}  // namespace claptools
