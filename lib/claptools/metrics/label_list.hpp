#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// The labels in one cell of a table, parted by a separator. Labels may hold it themselves
/// ("Male speech, man speaking"): in quotes, or where only one way to part the cell gives labels
/// that are all known. Blanks around a label are dropped unless it is known with them.
class LabelList {
 public:
  using IsKnown = std::function<bool(std::string_view)>;

  /// @param known      all labels: tells how many separators one can hold.
  /// @param is_known   of a label, perhaps one spelled otherwise.
  LabelList(std::span<const std::string> known, IsKnown is_known, char separator);

  /// Where no way gives known labels, the parts between separators.
  /// @throws Error{data} of `subject` if several ways do.
  std::vector<std::string> split(std::string_view cell, std::string_view subject) const;

 private:
  struct Part {
    std::string text;
    bool quoted = false;
  };
  std::vector<Part> parts_of(std::string_view cell) const;
  std::string joined(std::span<const Part> parts) const;

  IsKnown is_known_;
  char separator_;
  std::size_t most_parts_ = 1;  // of one label
};

}  // namespace claptools
