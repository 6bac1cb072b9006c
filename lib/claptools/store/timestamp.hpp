#pragma once

#include <string>

namespace claptools {

/// Now, or $SOURCE_DATE_EPOCH if that is set, in UTC by ISO 8601: "2026-01-31T12:00:00Z".
/// @throws Error{usage} if SOURCE_DATE_EPOCH is not a number of seconds up to the year 9999.
std::string utc_timestamp();

}  // namespace claptools
