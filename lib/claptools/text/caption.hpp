#pragma once

#include <string>
#include <string_view>

namespace claptools {

/// The official preprocessing of training and retrieval captions: lower case; no white space before
/// , . ! ? ; : " that stands alone; ( , . ! ? ; : | * " ) become spaces; pairs of spaces become one
/// space, once before and once after that, so that longer runs only shrink. Zero-shot prompts do
/// not get it.
/// @param text UTF-8; invalid sequences become U+FFFD.
/// Source: docs/reference/pipeline.md, step 14.
std::string clean_caption(std::string_view text);

}  // namespace claptools
