#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {

/// Names that were looked up, each counted once, and those that were not found.
class NameTally {
 public:
  void add(const std::string& name, bool found);

  std::size_t all() const { return names_.size(); }
  std::size_t found() const { return all() - absent_.size(); }
  bool lacks(const std::string& name) const;  ///< whether it was looked up in vain
  const std::vector<std::string>& absent() const { return absent_; }  ///< in order of appearance

 private:
  std::unordered_map<std::string, bool> names_;  // whether found
  std::vector<std::string> absent_;
};

/// Warns of names that were not found and change nothing. @param otherwise more to say on refusing.
/// @throws Error{data} if none was found.
void warn_or_refuse(const NameTally& names, const Lookup& lookup, std::string_view subject,
                    const Log& log, std::string_view otherwise = "");

/// How a ground truth is matched to the scores.
struct MatchOptions {
  NameMatching names;
  bool tolerate_missing = false;    ///< leave out clips that have no scores, else they are refused
  std::vector<std::string> failed;  ///< inputs known to have none: always left out
  Log log;                          ///< warnings of what is left out
};

/// Matches the clips that tables name to those scored, and counts those without scores.
class ClipMatcher {
 public:
  /// @param ids must outlive this object. @param subject of what was scored, for messages.
  /// @throws Error{data} as Lookup.
  explicit ClipMatcher(std::span<const std::string> ids, MatchOptions how = {},
                       const NameKind& kind = kScoredClip, std::string_view subject = "scores");
  ClipMatcher(const ClipMatcher&) = delete;
  ClipMatcher& operator=(const ClipMatcher&) = delete;

  std::span<const std::string> ids() const { return ids_; }
  NameMatching names() const { return how_.names; }

  /// Of a name in the truth; nothing if it has no scores.
  std::optional<std::size_t> find(const std::string& name);

  /// After the last name of the truth. @param subject its file.
  /// @throws Error{data} for names without scores that are not to be left out, and if none has any.
  void settle(std::string_view subject);

  /// Of a name in another table: what lacks scores changes nothing there.
  std::optional<std::size_t> find_again(const std::string& name) const {
    return lookup_.find_any(name);
  }
  /// Whether it has no scores for a reason that the truth's names have told.
  bool is_missing(const std::string& name) const;
  /// Reports the names in it that were not found. @throws Error{data} if none was.
  void warn_of(const NameTally& names, std::string_view subject) const;

  /// The inputs that failed, and the names in the truth that have no scores.
  std::vector<std::string> missing() const;

 private:
  std::span<const std::string> ids_;
  MatchOptions how_;
  Lookup lookup_;
  std::vector<std::string> failed_;  // once each, none of them scored
  Lookup failed_lookup_;
  NameTally tally_;  // of names that have not failed
};

}  // namespace claptools
