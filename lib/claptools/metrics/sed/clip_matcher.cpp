#include "claptools/metrics/sed/clip_matcher.hpp"

#include <unordered_set>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

/// What failed for good: once each, and not what another try scored.
std::vector<std::string> distinct_failures(const MatchOptions& how, const Lookup& scored) {
  std::vector<std::string> distinct;
  std::unordered_set<std::string> seen;
  for (const std::string& name : how.failed) {
    if (!seen.emplace(how.names.reduced(name)).second || scored.find(how.names.reduced(name)))
      continue;
    distinct.push_back(name);
  }
  return distinct;
}

}  // namespace

void NameTally::add(const std::string& name, bool found) {
  if (names_.emplace(name, found).second && !found) absent_.push_back(name);
}

bool NameTally::lacks(const std::string& name) const {
  const auto known = names_.find(name);
  return known != names_.end() && !known->second;
}

void warn_or_refuse(const NameTally& names, const Lookup& lookup, std::string_view subject,
                    const Log& log, std::string_view otherwise) {
  if (names.absent().empty()) return;
  const std::string text = lookup.describe(names.absent(), names.all());
  if (names.found() == 0) throw Error(Fault::data, subject, text + std::string(otherwise));
  report(log, LogLevel::warning, std::string(subject) + ": left out: " + text);
}

ClipMatcher::ClipMatcher(std::span<const std::string> ids, MatchOptions how, const NameKind& kind,
                         std::string_view subject)
    : ids_(ids),
      how_(std::move(how)),
      lookup_(ids, subject, kind, how_.names),
      failed_(distinct_failures(how_, lookup_)),
      failed_lookup_(failed_, subject, kind, how_.names) {}

std::optional<std::size_t> ClipMatcher::find(const std::string& name) {
  const auto found = lookup_.find_any(name);
  if (found || !failed_lookup_.find_any(name)) tally_.add(name, found.has_value());
  return found;
}

void ClipMatcher::settle(std::string_view subject) {
  if (tally_.absent().empty() || (how_.tolerate_missing && tally_.found() > 0)) return;
  throw Error(Fault::data, subject, lookup_.describe(tally_.absent(), tally_.all()));
}

bool ClipMatcher::is_missing(const std::string& name) const {
  return tally_.lacks(name) || failed_lookup_.find_any(name);
}

void ClipMatcher::warn_of(const NameTally& names, std::string_view subject) const {
  warn_or_refuse(names, lookup_, subject, how_.log);
}

std::vector<std::string> ClipMatcher::missing() const {
  std::vector<std::string> names = failed_;
  names.insert(names.end(), tally_.absent().begin(), tally_.absent().end());
  return names;
}

}  // namespace claptools
