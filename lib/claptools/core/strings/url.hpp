#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace claptools {

/// A path as it stands in a URL: all bytes but letters, digits, "-._~/" as %XX. Source: RFC 3986,
/// sections 2.1 and 2.3.
std::string percent_encode(std::string_view path);

/// How a page links to a file that lies in the page's folder or below it: relative to the page, so
/// that both can be moved together; any other file by its file: URL.
/// @param file absolute and lexically normal, as `folder`, which is empty for a page without a
/// place.
std::string link_to(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace claptools
