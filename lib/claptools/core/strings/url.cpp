#include "claptools/core/strings/url.hpp"

namespace claptools {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_encode(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    if (is_unreserved(c) || c == '/') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    ((out += '%') += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return out;
}

std::string link_to(const std::filesystem::path& file, const std::filesystem::path& folder) {
  std::string above = folder.native();
  if (!above.empty() && !above.ends_with('/')) above += '/';
  if (!above.empty() && file.native().starts_with(above))
    return percent_encode(std::string_view(file.native()).substr(above.size()));
  return "file://" + percent_encode(file.native());
}

}  // namespace claptools
