#include "claptools/models/model_card.hpp"

#include <algorithm>
#include <system_error>

#include "claptools/core/files/mapped_file.hpp"
#include "claptools/core/strings/escape.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Without the blanks around it and quotation marks.
std::string_view bare(std::string_view value) {
  constexpr std::string_view kAround = " \t\"'";
  const auto first = value.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(kAround) - first + 1);
}

}  // namespace

std::string licence_in(std::string_view card) {
  constexpr std::string_view kFence = "---", kLicence = "license:", kName = "license_name:";
  if (next_line(card) != kFence) return {};
  std::string_view licence, name;
  while (!card.empty()) {
    const std::string_view line = next_line(card);
    if (line == kFence) {
      return escape_controls(shorten(name.empty() || licence != "other" ? licence : name));
    }
    if (line.starts_with(kLicence)) licence = bare(line.substr(kLicence.size()));
    if (line.starts_with(kName)) name = bare(line.substr(kName.size()));
  }
  return {};  // it does not end
}

std::string licence_of(const fs::path& model) {
  constexpr std::size_t kMost = 1 << 20;  // bytes
  const fs::path card = model / "README.md";
  std::error_code failed;
  if (!fs::is_regular_file(card, failed)) return {};
  const MappedFile file(card);
  const std::span<const std::byte> bytes = file.bytes().first(std::min(file.bytes().size(), kMost));
  return licence_in({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace claptools
