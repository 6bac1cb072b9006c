#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace claptools {

/// Now, or $SOURCE_DATE_EPOCH if that is set, in UTC by ISO 8601: "2026-01-31T12:00:00Z".
/// @throws Error{usage} if SOURCE_DATE_EPOCH is not a number of seconds up to the year 9999.
std::string utc_timestamp();

/// Such a text as nanoseconds since 1970; nothing if it is another.
std::optional<std::int64_t> parse_timestamp(const std::string& text);

}  // namespace claptools
