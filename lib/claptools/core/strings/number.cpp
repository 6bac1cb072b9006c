#include "claptools/core/strings/number.hpp"

#include <cmath>

namespace claptools {
namespace {

std::string spell(double value) {
  char digits[32];
  const auto [end, code] = std::to_chars(digits, digits + sizeof digits, value);
  return {digits, end};
}

/// Numbers beyond this are no limit that a reader would want to see.
constexpr double kLargestShown = 1e18;

std::string describe(const WholeRange& range) {
  const bool open = static_cast<double>(range.most) > kLargestShown;
  return open ? "at least " + std::to_string(range.least)
              : std::to_string(range.least) + " to " + std::to_string(range.most);
}

std::string describe(const RealRange& range) {
  const bool low = range.least >= -kLargestShown, high = range.most <= kLargestShown;
  if (!low && !high) return "a number";
  const std::string from = (range.above ? "more than " : "at least ") + spell(range.least);
  if (!high) return from;
  if (!range.above && !range.below) return spell(range.least) + " to " + spell(range.most);
  return from + " and " + (range.below ? "less than " : "at most ") + spell(range.most);
}

template <class Range>
std::string refuse(std::string_view word, const Range& range) {
  const std::string unit = *range.unit == '\0' ? "" : std::string(" ") + range.unit;
  return "must be " + describe(range) + unit + ", not '" + std::string(word) + "'";
}

}  // namespace

std::string read_number(std::string_view word, const WholeRange& range, std::uint64_t& value) {
  const bool minus = word.starts_with('-');
  std::uint64_t read = 0;
  const std::errc code = parse(minus ? word.substr(1) : word, read);
  if (code == std::errc::invalid_argument)
    return "'" + std::string(word) + "' is not a whole number";
  if (minus || code != std::errc() || read < range.least || read > range.most)
    return refuse(word, range);
  value = read;
  return {};
}

std::string read_number(std::string_view word, const RealRange& range, double& value) {
  double read = 0;
  const std::errc code = parse(word, read);
  if (code == std::errc::invalid_argument) return "'" + std::string(word) + "' is not a number";
  const bool in_range = code == std::errc() && std::isfinite(read) &&
                        (range.above ? read > range.least : read >= range.least) &&
                        (range.below ? read < range.most : read <= range.most) &&
                        !(std::signbit(read) && range.least >= 0);
  if (!in_range) return refuse(word, range);
  value = read;
  return {};
}

std::string number_text(double value) {
  char digits[32];
  const double size = std::abs(value);
  const bool is_plain = !std::isfinite(value) || value == 0 || (size >= 1e-4 && size < 1e16);
  const auto format = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto [end, code] = std::to_chars(digits, digits + sizeof digits, value, format);
  return {digits, end};
}

}  // namespace claptools
