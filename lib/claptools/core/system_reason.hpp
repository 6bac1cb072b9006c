#pragma once

#include <string>
#include <system_error>

namespace claptools {

/// The system's words for one of its error numbers: the reason of many an Error.
inline std::string system_reason(int error) { return std::generic_category().message(error); }

}  // namespace claptools
