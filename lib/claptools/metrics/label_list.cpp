#include "claptools/metrics/label_list.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Takes a quoted label and what follows it up to the separator, if nothing but blanks does.
std::optional<std::string> take_quoted(std::string_view& rest, char separator) {
  const std::size_t start = rest.find_first_not_of(' ');
  if (start == std::string_view::npos || rest[start] != '"') return std::nullopt;
  std::string label;
  std::size_t i = start + 1;
  for (; i < rest.size(); ++i) {
    if (rest[i] == '"' && (i + 1 == rest.size() || rest[i + 1] != '"')) break;
    if (rest[i] == '"') ++i;
    label += rest[i];
  }
  if (i == rest.size()) return std::nullopt;
  const std::size_t end = std::min(rest.find(separator, i + 1), rest.size());
  if (!trimmed(rest.substr(i + 1, end - i - 1)).empty()) return std::nullopt;
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return label;
}

}  // namespace

LabelList::LabelList(std::span<const std::string> known, IsKnown is_known, char separator)
    : is_known_(std::move(is_known)), separator_(separator) {
  for (const std::string& label : known) {
    const auto parts = 1 + static_cast<std::size_t>(std::ranges::count(label, separator));
    most_parts_ = std::max(most_parts_, parts);
  }
}

std::vector<std::string> LabelList::split(std::string_view cell, std::string_view subject) const {
  const std::vector<Part> parts = parts_of(cell);
  const std::size_t n = parts.size();
  struct Way {
    std::size_t count = 0;  // of ways to part what is left; 2 stands for more
    std::size_t length = 1;
    std::string label;
  };
  std::vector<Way> ways(n + 1);
  ways[n].count = 1;
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t length = 1; length <= std::min(most_parts_, n - i); ++length) {
      const auto own = std::span(parts).subspan(i, length);
      if (length > 1 && std::ranges::any_of(own, &Part::quoted)) break;
      if (ways[i + length].count == 0) continue;
      std::string label = length == 1 ? own[0].text : joined(own);
      if (!is_known_(label)) label = trimmed(label);
      if (!is_known_(label)) continue;
      ways[i] = {std::min<std::size_t>(ways[i].count + ways[i + length].count, 2), length,
                 std::move(label)};
    }
  }
  if (ways[0].count > 1) {
    throw Error(Fault::data, subject,
                "labels " + quote_name(cell) +
                    " can be read in several ways; put each in quotes or use `label_separator`");
  }
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < n; i += ways[0].count == 1 ? ways[i].length : 1) {
    labels.push_back(ways[0].count == 1 ? ways[i].label : parts[i].text);
  }
  return labels;
}

/// A separator at the very end parts nothing.
std::vector<LabelList::Part> LabelList::parts_of(std::string_view cell) const {
  std::vector<Part> parts;
  while (!cell.empty()) {
    if (auto label = take_quoted(cell, separator_)) {
      parts.push_back({std::move(*label), true});
      continue;
    }
    const std::size_t end = std::min(cell.find(separator_), cell.size());
    parts.push_back({std::string(cell.substr(0, end))});
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
  return parts;
}

std::string LabelList::joined(std::span<const Part> parts) const {
  return join(parts, {&separator_, 1}, &Part::text);
}

}  // namespace claptools
