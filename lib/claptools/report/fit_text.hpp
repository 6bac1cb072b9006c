#pragma once

#include <string>
#include <string_view>

namespace claptools {

/// Width in pixels that a text may take in a sans-serif font of `size` pixels; an upper estimate,
/// because what font a viewer has is unknown.
double text_width(std::string_view text, double size);

struct FittedText {
  std::string text;
  bool cut = false;
};

/// A name from a user's file as it is drawn: controls escaped, "(empty)" if it has no characters,
/// its end replaced with an ellipsis where it is wider than `width` pixels.
FittedText fit_text(std::string_view name, double width, double size);

}  // namespace claptools
