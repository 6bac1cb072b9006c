#include "claptools/core/files/member_path.hpp"

#include <filesystem>
#include <system_error>

namespace claptools {

std::optional<std::pair<std::string, std::string>> split_member(std::string_view id) {
  std::error_code ignored;
  for (std::size_t slash = id.find('/', 1); slash != id.npos; slash = id.find('/', slash + 1)) {
    const std::string above(id.substr(0, slash));
    const auto kind = std::filesystem::status(above, ignored).type();
    if (kind == std::filesystem::file_type::regular && slash + 1 < id.size())
      return std::pair(above, std::string(id.substr(slash + 1)));
    if (kind != std::filesystem::file_type::directory) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace claptools
