#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "claptools/metrics/sed/clip_matcher.hpp"

namespace claptools {

/// Joins the labels of a table to the classes scored; a label that is not one of them is an error.
class ClassMatcher {
 public:
  /// @param classes must outlive this object.
  explicit ClassMatcher(std::span<const std::string> classes, const NameKind& kind = kScoredClass)
      : lookup_(classes, "scores", kind) {}

  std::optional<std::size_t> find(const std::string& label);

  /// Ignores a label that is not a class. @throws Error{data} as Lookup::find.
  std::optional<std::size_t> peek(std::string_view label) const { return lookup_.find(label); }

  /// After the last label. @throws Error{data} naming labels that are not a class.
  void settle(std::string_view subject) const;

 private:
  Lookup lookup_;
  NameTally tally_;
};

}  // namespace claptools
