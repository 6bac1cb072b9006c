#include "claptools/metrics/sed/class_matcher.hpp"

#include "claptools/core/error.hpp"

namespace claptools {

std::optional<std::size_t> ClassMatcher::find(const std::string& label) {
  const auto found = lookup_.find(label);
  tally_.add(label, found.has_value());
  return found;
}

void ClassMatcher::settle(std::string_view subject) const {
  if (tally_.absent().empty()) return;
  throw Error(Fault::data, subject, lookup_.describe(tally_.absent(), tally_.all()));
}

}  // namespace claptools
