#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "claptools/core/log.hpp"

namespace claptools {

/// Names of carried columns as an embedding file can hold them.
class ColumnNames {
 public:
  /// The name to store a column by: its own, or one without what HDF5 does not take ("/", "."
  /// alone), no longer than 255 bytes and unlike all others. Nothing for a column without name and
  /// for "Unnamed: 0": pandas' index. What is changed or dropped is reported once, as a warning
  /// that names `subject`.
  std::optional<std::string> stored(const std::string& column, const std::string& subject,
                                    const Log& log);

 private:
  std::optional<std::string> choose(const std::string& column) const;

  std::map<std::string, std::optional<std::string>> known_;
  std::set<std::string> used_;
};

}  // namespace claptools
