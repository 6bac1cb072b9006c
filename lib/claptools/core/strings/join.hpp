#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace claptools {

/// The texts of the parts with a separator between them.
/// @param text what makes a part into its text: a function or a member.
template <class Parts, class Text = std::identity>
std::string join(const Parts& parts, std::string_view separator, Text text = {}) {
  std::string joined;
  bool is_first = true;
  for (const auto& part : parts) {
    if (!is_first) joined += separator;
    joined += std::invoke(text, part);
    is_first = false;
  }
  return joined;
}

}  // namespace claptools
