#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace claptools {

/// Reads a number that is the whole of `text`, as std::from_chars does: whatever the locale, no
/// white space, no sign but a minus (none where Number is unsigned), no "0x". For a floating type
/// "inf" and "nan" are numbers.
/// @return what is wrong, if anything; `value` has no meaning then.
template <class Number>
std::errc parse(std::string_view text, Number& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  return stop == end ? code : std::errc::invalid_argument;
}

/// The same. @return nothing if it is not such a number, or one that its type does not hold.
template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number value{};
  return parse(text, value) == std::errc() ? std::optional(value) : std::nullopt;
}

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

/// The shortest decimals that read back as the same double, whatever the locale: "0.1", "50",
/// "1e-05", "nan", "inf". An exponent is written from 1e16 on and below 1e-4.
std::string number_text(double value);

}  // namespace claptools
