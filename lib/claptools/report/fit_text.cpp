#include "claptools/report/fit_text.hpp"

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

/// Advance of a character in ems: those of wide fonts (DejaVu Sans, Verdana), by groups.
double advance(char32_t c) {
  const bool ascii = c < 0x80;
  const char letter = ascii ? static_cast<char>(c) : ' ';
  if (ascii && std::string_view("iIjl.,:;'| ![]()").find(letter) != std::string_view::npos) {
    return 0.38;
  }
  if (ascii && std::string_view("mwMW@%").find(letter) != std::string_view::npos) return 0.98;
  if (letter >= 'A' && letter <= 'Z') return 0.72;
  if (c >= 0x300 && c < 0x370) return 0;  // combining marks
  return c < 0x1100 ? 0.63 : c >= 0x2000 && c < 0x2E80 ? 0.9 : 1.0;
}

}  // namespace

double text_width(std::string_view text, double size) {
  double ems = 0;
  while (!text.empty()) {
    const Utf8Char c = decode_utf8(text);
    ems += advance(c.code_point);
    text.remove_prefix(c.length);
  }
  return ems * size;
}

FittedText fit_text(std::string_view name, double width, double size) {
  const std::string shown = name.empty() ? "(empty)" : escape_controls(name);
  if (text_width(shown, size) <= width) return {shown, false};
  const double room = width - text_width(kEllipsis, size);
  std::size_t kept = 0;
  for (double used = 0; kept < shown.size();) {
    const Utf8Char c = decode_utf8(std::string_view(shown).substr(kept));
    used += advance(c.code_point) * size;
    if (used > room) break;
    kept += c.length;
  }
  return {shown.substr(0, kept) + std::string(kEllipsis), true};
}

}  // namespace claptools
