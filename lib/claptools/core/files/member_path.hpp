#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace claptools {

/// Of an id "SHARD/MEMBER" both, if its beginning is the path of a regular file.
std::optional<std::pair<std::string, std::string>> split_member(std::string_view id);

}  // namespace claptools
