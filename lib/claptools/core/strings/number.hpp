#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace claptools {

/// The whole numbers that are taken, both ends included.
struct WholeRange {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const char* unit = "";  ///< "frames"; may be empty
};

/// The numbers that are taken; both ends are unless it is said otherwise.
struct RealRange {
  double least = -std::numeric_limits<double>::max();
  double most = std::numeric_limits<double>::max();
  const char* unit = "";  ///< "s"; may be empty
  bool above = false;     ///< more than `least`
  bool below = false;     ///< less than `most`
};

/// Reads a decimal number that is the whole of `word`, whatever the locale: no sign but a minus, no
/// hexadecimal, no white space, neither NaN nor infinite, no negative zero where nothing negative
/// is taken, and within the range.
/// @return empty if `value` was set, else what is wrong: "must be 1 to 4096, not '0'".
std::string read_number(std::string_view word, const WholeRange& range, std::uint64_t& value);
std::string read_number(std::string_view word, const RealRange& range, double& value);

}  // namespace claptools
