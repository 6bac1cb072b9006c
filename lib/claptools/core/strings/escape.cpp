#include "claptools/core/strings/escape.hpp"

#include <charconv>

#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

void append_hex(std::string& out, std::string_view prefix, unsigned char byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += prefix;
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

std::string escape(std::string_view text, bool backslash) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Char c = decode_utf8(text);
    if (c.valid && !is_control(c.code_point)) {
      if (backslash && c.code_point == '\\') out += '\\';
      out += text.substr(0, c.length);
    } else if (c.code_point == '\n' || c.code_point == '\t' || c.code_point == '\r') {
      out += c.code_point == '\n' ? "\\n" : c.code_point == '\t' ? "\\t" : "\\r";
    } else {
      for (const char byte : text.substr(0, c.length)) {
        append_hex(out, "\\x", static_cast<unsigned char>(byte));
      }
    }
    text.remove_prefix(c.length);
  }
  return out;
}

}  // namespace

std::string escape_controls(std::string_view text) { return escape(text, false); }

std::string escape_tsv(std::string_view field) { return escape(field, true); }

std::string unescape_tsv(std::string_view field) {
  std::string out;
  out.reserve(field.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\' || i + 1 == field.size()) {
      out += field[i];
      continue;
    }
    const char next = field[++i];
    unsigned value = 0;
    if (next == 'n' || next == 't' || next == 'r') {
      out += next == 'n' ? '\n' : next == 't' ? '\t' : '\r';
    } else if (next == 'x' && i + 2 < field.size() &&
               std::from_chars(&field[i + 1], &field[i + 1] + 2, value, 16).ptr ==
                   &field[i + 1] + 2) {
      out += static_cast<char>(value);
      i += 2;
    } else if (next == '\\') {
      out += '\\';
    } else {
      (out += '\\') += next;
    }
  }
  return out;
}

std::string escape_json(std::string_view json) {
  std::string escaped;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto byte = static_cast<unsigned char>(json[i]);
    const auto next = static_cast<unsigned char>(i + 1 < json.size() ? json[i + 1] : 0);
    if (byte == 0x7F) {
      append_hex(escaped, "\\u00", byte);
    } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
      append_hex(escaped, "\\u00", next);
      ++i;
    } else {
      escaped += json[i];
    }
  }
  return escaped;
}

std::string shorten(std::string_view name, std::size_t bytes) {
  if (name.size() <= bytes) return std::string(name);
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return std::string(name.substr(0, end)) + "...";
}

}  // namespace claptools
