// Internal to the room.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claptools {

/// An element of an XML text that opens.
struct XmlElement {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  std::size_t line = 0;

  /// Empty if there is no such attribute.
  std::string_view attribute(std::string_view key) const;
};

/// Is told what an XML text holds, in order. What it is given is valid until it returns.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void open(const XmlElement& element) = 0;
  virtual void close(std::string_view name) = 0;
  /// Characters within an element, perhaps in several pieces.
  virtual void characters(std::string_view text) = 0;
};

/// Reads UTF-8, whatever encoding the text says it has. A document type, which could define
/// entities without end, is refused.
/// @throws Error{data} naming `subject` and the line of what is not well-formed, or of more than
/// 100 elements inside each other; what the handler throws.
void read_xml(std::string_view text, std::string_view subject, XmlHandler& handler);

[[noreturn]] void refuse_xml(std::string_view subject, std::size_t line, const std::string& reason);

}  // namespace claptools
