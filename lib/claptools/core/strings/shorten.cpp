#include "claptools/core/strings/shorten.hpp"

#include <algorithm>

#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

constexpr std::string_view kEllipsis = "...";
constexpr std::size_t kLongWord = 64;  // bytes that are left of one

/// Bytes of the first character or escape.
std::size_t unit_length(std::string_view text) {
  constexpr std::size_t kHexEscape = 4;  // \x1b
  if (text.starts_with("\\x")) return std::min(kHexEscape, text.size());
  if (text.front() == '\\') return std::min<std::size_t>(2, text.size());
  return decode_utf8(text).length;
}

}  // namespace

std::string shorten_middle(std::string_view escaped, std::size_t most) {
  if (escaped.size() <= most) return std::string(escaped);
  const std::size_t kept = most - kEllipsis.size();
  const std::size_t least_tail = escaped.size() - kept / 2;
  std::size_t head = 0, tail = 0;
  for (std::size_t at = 0; at < least_tail; at = tail) {
    tail = at + unit_length(escaped.substr(at));
    if (tail <= kept - kept / 2) head = tail;
  }
  return std::string(escaped.substr(0, head)) + std::string(kEllipsis) +
         std::string(escaped.substr(tail));
}

std::string shorten_message(std::string_view escaped, std::size_t most) {
  if (escaped.size() <= most) return std::string(escaped);
  std::string text;
  for (std::size_t at = 0; at < escaped.size();) {
    const std::size_t end = std::min(escaped.find(' ', at), escaped.size());
    text += shorten_middle(escaped.substr(at, end - at), kLongWord);
    if (end < escaped.size()) text += ' ';
    at = end + 1;
  }
  return shorten_middle(text, most);
}

}  // namespace claptools
