#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// An element of a parsed text.
struct MarkupElement {
  std::string tag;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  ///< its own characters, entities as they stand

  std::string attribute(std::string_view name) const;
  bool has(std::string_view name, std::string_view value) const { return attribute(name) == value; }
};

struct Markup {
  std::string fault;  ///< empty if the text is well-formed XML with one root and no processing
  std::vector<MarkupElement> elements;  ///< in the order in which they open

  /// Texts of the elements of a tag.
  std::vector<std::string> texts(std::string_view tag) const;
  std::vector<MarkupElement> all(std::string_view tag) const;
};

/// A strict little parser: balanced tags, quoted and single attributes, known entities, characters
/// that XML allows. What it accepts was compared with xmllint on every kind of picture.
Markup parse_markup(std::string_view text);

/// parse_markup(), with a failure of the running test for a fault and for an attribute that holds
/// "nan" or "inf".
Markup expect_drawing(std::string_view svg);

}  // namespace claptools
