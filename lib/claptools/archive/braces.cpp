#include "claptools/archive/braces.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxNames = 1'000'000;

/// "{FIRST..LAST}" at [begin, end) of a pattern.
struct Range {
  std::size_t begin, end;
  std::size_t first, last;
  std::size_t width;  ///< numbers are filled with zeros up to it; 0 = as they are
};

bool has_leading_zero(std::string_view number) { return number.size() > 1 && number[0] == '0'; }

std::optional<Range> find_range(std::string_view text) {
  for (std::size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    const std::size_t dots = inside.find("..");
    if (dots == std::string_view::npos) continue;
    const std::string_view from = inside.substr(0, dots), to = inside.substr(dots + 2);
    const auto first = parse<std::size_t>(from), last = parse<std::size_t>(to);
    if (!first || !last) continue;
    const bool filled = has_leading_zero(from) || has_leading_zero(to);
    return Range{open, close + 1, *first, *last, filled ? std::max(from.size(), to.size()) : 0};
  }
  return std::nullopt;
}

std::string format_number(std::size_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

}  // namespace

std::vector<std::string> expand_braces(std::string_view pattern) {
  std::vector<std::string> names{""};
  std::string_view rest = pattern;
  while (const auto range = find_range(rest)) {
    if (range->last < range->first) throw Error(Fault::usage, pattern, "the range runs backwards");
    if (range->last - range->first >= kMaxNames / names.size())
      throw Error(Fault::usage, pattern, "more than a million names");
    std::vector<std::string> longer;
    for (const std::string& name : names) {
      const std::string stem = name + std::string(rest.substr(0, range->begin));
      for (std::size_t i = range->first; i <= range->last; ++i)
        longer.push_back(stem + format_number(i, range->width));
    }
    names = std::move(longer);
    rest.remove_prefix(range->end);
  }
  for (std::string& name : names) name += rest;
  return names;
}

}  // namespace claptools
