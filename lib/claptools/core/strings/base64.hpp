#pragma once

#include <string>
#include <string_view>

namespace claptools {

/// Base64 with padding, on one line. Source: RFC 4648, section 4.
std::string base64(std::string_view bytes);

}  // namespace claptools
