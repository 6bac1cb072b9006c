// Internal to the room.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claptools {

/// One piece of an XML text.
struct XmlPiece {
  enum class Kind { open, close, text, end };

  Kind kind = Kind::end;
  std::string name;  ///< of an element that opens or closes
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;
  std::size_t line = 0;  ///< that it begins on

  /// Empty if there is no such attribute.
  std::string_view attribute(std::string_view key) const;
};

/// Takes an XML text apart, piece by piece. Knows elements, attributes, character data, comments,
/// and the five entities and character references; refuses a document type, which could define
/// others.
class XmlReader {
 public:
  /// @param text UTF-8. Both must outlive this.
  XmlReader(std::string_view text, std::string_view subject) : text_(text), subject_(subject) {}

  /// An element that is empty opens and closes.
  /// @throws Error{data} naming the line of what is not well-formed, or of more than 100 elements
  /// inside each other.
  XmlPiece next();

  [[noreturn]] void refuse(std::size_t line, const std::string& reason) const;

 private:
  XmlPiece read_text();
  XmlPiece read_opening();
  XmlPiece read_closing();
  bool skip_other();
  std::string read_name();
  std::string decoded(std::string_view raw) const;
  void skip_blanks();
  void advance(std::size_t count);
  std::size_t find(std::string_view what, const char* missing) const;

  std::string_view text_;
  std::string_view subject_;
  std::size_t line_ = 1;
  std::vector<std::string> open_;
  std::string closes_;  ///< of an empty element
};

}  // namespace claptools
