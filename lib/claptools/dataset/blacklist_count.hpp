#pragma once

#include <cstddef>
#include <set>
#include <string>

namespace claptools {

/// How many items a blacklist removed, over several manifests.
struct BlacklistCount {
  std::size_t entries = 0;        ///< in the list
  std::set<std::string> matched;  ///< those that a clip was left out for
  std::size_t items = 0;          ///< clips left out

  void add(const std::string& entry) {
    matched.insert(entry);
    ++items;
  }
};

}  // namespace claptools
