#include "claptools/formats/events/xml_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxDepth = 100;
constexpr std::string_view kBlanks = " \t\r\n";

/// The character of "&#233;" or "&#xe9;", given what is between "&#" and ";".
std::optional<char32_t> referenced(std::string_view digits) {
  std::uint32_t base = 10, value = 0;
  if (digits.starts_with('x')) {
    base = 16;
    digits.remove_prefix(1);
  }
  if (digits.empty() || digits.size() > 8) return std::nullopt;
  for (const char c : digits) {
    const std::size_t digit = std::string_view("0123456789abcdef")
                                  .find(static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c));
    if (digit >= base) return std::nullopt;
    value = value * base + static_cast<std::uint32_t>(digit);
    if (value > 0x10FFFF) return std::nullopt;
  }
  const bool is_surrogate = value >= 0xD800 && value < 0xE000;
  return value == 0 || is_surrogate ? std::nullopt : std::optional<char32_t>(value);
}

std::optional<char32_t> entity(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, char32_t>, 5> kEntities = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  if (name.starts_with('#')) return referenced(name.substr(1));
  for (const auto& [known, character] : kEntities)
    if (known == name) return character;
  return std::nullopt;
}

}  // namespace

std::string_view XmlPiece::attribute(std::string_view key) const {
  for (const auto& [name_, value] : attributes)
    if (name_ == key) return value;
  return {};
}

void XmlReader::refuse(std::size_t line, const std::string& reason) const {
  throw Error(Fault::data, subject_, "line " + std::to_string(line) + ": " + reason);
}

void XmlReader::advance(std::size_t count) {
  line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(0, count), '\n'));
  text_.remove_prefix(count);
}

void XmlReader::skip_blanks() { advance(std::min(text_.find_first_not_of(kBlanks), text_.size())); }

std::size_t XmlReader::find(std::string_view what, const char* missing) const {
  const std::size_t at = text_.find(what);
  if (at == text_.npos) refuse(line_, missing);
  return at;
}

std::string XmlReader::decoded(std::string_view raw) const {
  std::string text;
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find_first_of("&\r"), raw.size());
    text += raw.substr(0, plain);
    raw.remove_prefix(plain);
    if (raw.empty()) break;
    if (raw[0] == '\r') {  // lines end with a line feed, whatever the file has
      text += '\n';
      raw.remove_prefix(raw.starts_with("\r\n") ? 2 : 1);
      continue;
    }
    const std::size_t end = raw.find(';');
    const auto character = end == raw.npos ? std::nullopt : entity(raw.substr(1, end - 1));
    if (!character) refuse(line_, "'" + shorten(raw.substr(0, 12)) + "' is not a known entity");
    append_utf8(text, *character);
    raw.remove_prefix(end + 1);
  }
  return text;
}

std::string XmlReader::read_name() {
  const std::size_t end = std::min(text_.find_first_of(" \t\r\n=/<>\"'&"), text_.size());
  if (end == 0) refuse(line_, "a name is missing");
  std::string name(text_.substr(0, end));
  advance(end);
  return name;
}

/// Comments and processing instructions. @return whether there was one.
bool XmlReader::skip_other() {
  if (text_.starts_with("<!--")) {
    advance(find("-->", "a comment is not closed") + 3);
  } else if (text_.starts_with("<?")) {
    advance(find("?>", "an instruction is not closed") + 2);
  } else if (text_.starts_with("<!") && !text_.starts_with("<![CDATA[")) {
    refuse(line_, "a document type is not read");
  } else {
    return false;
  }
  return true;
}

XmlPiece XmlReader::read_text() {
  constexpr std::string_view kOpening = "<![CDATA[";
  XmlPiece piece{XmlPiece::Kind::text, {}, {}, {}, line_};
  if (text_.starts_with(kOpening)) {
    advance(kOpening.size());
    const std::size_t end = find("]]>", "a section of characters is not closed");
    piece.text = text_.substr(0, end);
    advance(end + 3);
  } else {
    const std::size_t end = std::min(text_.find('<'), text_.size());
    piece.text = decoded(text_.substr(0, end));
    advance(end);
  }
  return piece;
}

XmlPiece XmlReader::read_closing() {
  XmlPiece piece{XmlPiece::Kind::close, {}, {}, {}, line_};
  advance(2);
  piece.name = read_name();
  skip_blanks();
  if (!text_.starts_with('>')) refuse(line_, "'>' is missing");
  advance(1);
  if (open_.empty() || open_.back() != piece.name)
    refuse(piece.line, "'" + shorten(piece.name) + "' is closed, but not open");
  open_.pop_back();
  return piece;
}

XmlPiece XmlReader::read_opening() {
  XmlPiece piece{XmlPiece::Kind::open, {}, {}, {}, line_};
  advance(1);
  piece.name = read_name();
  for (skip_blanks(); !text_.starts_with('>') && !text_.starts_with("/>"); skip_blanks()) {
    std::string key = read_name();
    skip_blanks();
    if (!text_.starts_with('=')) refuse(line_, "an attribute without a value");
    advance(1);
    skip_blanks();
    const char quote = text_.empty() ? ' ' : text_[0];
    if (quote != '"' && quote != '\'') refuse(line_, "an attribute without quotes");
    advance(1);
    const std::size_t end = find(std::string_view(&quote, 1), "an attribute is not closed");
    piece.attributes.emplace_back(std::move(key), decoded(text_.substr(0, end)));
    advance(end + 1);
  }
  const bool is_empty = text_.starts_with('/');
  advance(is_empty ? 2 : 1);
  open_.push_back(piece.name);
  if (open_.size() > kMaxDepth) refuse(piece.line, "too many elements inside each other");
  if (is_empty) closes_ = piece.name;
  return piece;
}

XmlPiece XmlReader::next() {
  if (!closes_.empty()) {
    open_.pop_back();
    return {XmlPiece::Kind::close, std::exchange(closes_, {}), {}, {}, line_};
  }
  while (skip_other()) {
  }
  if (text_.empty()) {
    if (!open_.empty()) refuse(line_, "the file ends within '" + shorten(open_.back()) + "'");
    return {XmlPiece::Kind::end, {}, {}, {}, line_};
  }
  if (text_.starts_with("</")) return read_closing();
  if (text_[0] != '<' || text_.starts_with("<!")) return read_text();
  return read_opening();
}

}  // namespace claptools
