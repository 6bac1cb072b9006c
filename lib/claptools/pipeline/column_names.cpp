#include "claptools/pipeline/column_names.hpp"

#include <algorithm>

#include "claptools/core/strings/escape.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxBytes = 255;

/// At most so many bytes, whole characters.
std::string cut(std::string name, std::size_t bytes) {
  if (name.size() <= bytes) return name;
  while (bytes > 0 && (static_cast<unsigned char>(name[bytes]) & 0xC0) == 0x80) --bytes;
  name.resize(bytes);
  return name;
}

}  // namespace

std::optional<std::string> ColumnNames::choose(const std::string& column) const {
  if (column.empty() || column == "Unnamed: 0") return std::nullopt;
  std::string name = cut(column, kMaxBytes);
  std::ranges::replace(name, '/', '_');
  if (name == "." || name == "..") std::ranges::replace(name, '.', '_');
  const std::string stem = cut(name, kMaxBytes - 8);
  for (int i = 2; used_.contains(name); ++i) name = stem + "_" + std::to_string(i);
  return name;
}

std::optional<std::string> ColumnNames::stored(const std::string& column,
                                               const std::string& subject, const Log& log) {
  if (const auto at = known_.find(column); at != known_.end()) return at->second;
  const auto name = choose(column);
  known_.emplace(column, name);
  if (name) used_.insert(*name);
  const std::string what = subject + ": column '" + shorten(column) + "' ";
  if (!name)
    report(log, LogLevel::warning, what + "is not carried: an index that pandas wrote");
  else if (*name != column)
    report(log, LogLevel::warning, what + "is carried as '" + shorten(*name) + "'");
  return name;
}

}  // namespace claptools
