#pragma once

#include <string>
#include <string_view>

namespace claptools {

/// The small letter of a capital of ASCII, whatever the locale; every other byte as it is.
constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The same of each byte.
inline std::string ascii_lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = ascii_lower(c);
  return small;
}

}  // namespace claptools
