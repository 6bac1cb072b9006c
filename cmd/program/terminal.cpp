#include "cmd/program/terminal.hpp"

#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <algorithm>

#include "claptools/core/strings/utf8.hpp"

namespace claptools::cmd {
namespace {

constexpr std::size_t kUsualWidth = 80;

/// The C library's table of widths, whatever the locale of the process is.
int width_of(char32_t character) {
  static const ::locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (character < 0x80 || utf8 == nullptr) return 1;
  const ::locale_t before = ::uselocale(utf8);
  const int width = ::wcwidth(static_cast<wchar_t>(character));
  ::uselocale(before);
  return std::max(width, 0);
}

}  // namespace

std::size_t terminal_width(int descriptor) {
  if (::isatty(descriptor) != 1) return 0;
  ::winsize size{};
  const bool is_known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : kUsualWidth;
}

std::string fit_columns(std::string_view text, std::size_t columns) {
  std::size_t used = 0, end = 0;
  while (end < text.size()) {
    const Utf8Char next = decode_utf8(text.substr(end));
    used += static_cast<std::size_t>(width_of(next.code_point));
    if (used > columns) break;
    end += next.length;
  }
  return std::string(text.substr(0, end));
}

}  // namespace claptools::cmd
