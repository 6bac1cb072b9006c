#include "report/markup_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Markup run() {
    Markup out;
    try {
      check_characters();
      while (!text_.empty()) step(out);
      if (!open_.empty()) throw std::runtime_error("not closed: " + out.elements[open_.back()].tag);
      if (out.elements.empty()) throw std::runtime_error("no element");
    } catch (const std::runtime_error& e) {
      out.fault = e.what() + (" before: " + std::string(text_.substr(0, 60)));
    }
    return out;
  }

 private:
  void check_characters() {
    for (std::string_view rest = text_; !rest.empty();) {
      const Utf8Char c = decode_utf8(rest);
      if (!c.valid) throw std::runtime_error("not UTF-8");
      if ((c.code_point < 0x20 && c.code_point != '\n') || (c.code_point & 0xFFFE) == 0xFFFE) {
        throw std::runtime_error("forbidden character");
      }
      rest.remove_prefix(c.length);
    }
  }

  void step(Markup& out) {
    if (text_.starts_with("</")) {
      take(2);
      if (open_.empty() || take_name() != out.elements[open_.back()].tag) {
        throw std::runtime_error("wrong end tag");
      }
      expect('>');
      open_.pop_back();
    } else if (text_.starts_with('<')) {
      start_tag(out);
    } else {
      const std::string characters = take_until('<');
      check_references(characters);
      if (!open_.empty())
        out.elements[open_.back()].text += characters;
      else if (characters.find_first_not_of(" \n") != std::string::npos) {
        throw std::runtime_error("text outside the root");
      }
    }
  }

  void start_tag(Markup& out) {
    take(1);
    if (open_.empty() && !out.elements.empty()) throw std::runtime_error("second root");
    MarkupElement element{take_name(), {}, {}};
    while (text_.starts_with(' ')) {
      take(1);
      const std::string name = take_name();
      if (!element.attribute(name).empty()) throw std::runtime_error("attribute twice: " + name);
      expect('=');
      expect('"');
      const std::string value = take_until('"');
      if (value.find('<') != std::string::npos) throw std::runtime_error("< in an attribute");
      check_references(value);
      expect('"');
      element.attributes.emplace_back(name, value);
    }
    out.elements.push_back(element);
    if (text_.starts_with("/>")) {
      take(2);
    } else {
      expect('>');
      open_.push_back(out.elements.size() - 1);
    }
  }

  static void check_references(const std::string& value) {
    for (std::size_t at = value.find('&'); at != std::string::npos; at = value.find('&', at + 1)) {
      const std::string_view rest = std::string_view(value).substr(at);
      const auto known = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
      if (std::none_of(known.begin(), known.end(), [&](auto e) { return rest.starts_with(e); })) {
        throw std::runtime_error("bare &");
      }
    }
  }

  std::string take(std::size_t count) {
    const std::string out(text_.substr(0, count));
    text_.remove_prefix(count);
    return out;
  }

  std::string take_until(char end) { return take(std::min(text_.find(end), text_.size())); }

  std::string take_name() {
    const std::string name = take(std::min(text_.find_first_of(" =/>\"<\n"), text_.size()));
    if (name.empty()) throw std::runtime_error("no name");
    return name;
  }

  void expect(char c) {
    if (!text_.starts_with(c)) throw std::runtime_error(std::string("no ") + c);
    take(1);
  }

  std::string_view text_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::string MarkupElement::attribute(std::string_view name) const {
  for (const auto& [key, value] : attributes) {
    if (key == name) return value;
  }
  return {};
}

std::vector<MarkupElement> Markup::all(std::string_view tag) const {
  std::vector<MarkupElement> out;
  std::copy_if(elements.begin(), elements.end(), std::back_inserter(out),
               [&](const MarkupElement& e) { return e.tag == tag; });
  return out;
}

std::vector<std::string> Markup::texts(std::string_view tag) const {
  std::vector<std::string> out;
  for (const MarkupElement& e : all(tag)) out.push_back(e.text);
  return out;
}

Markup parse_markup(std::string_view text) { return Parser(text).run(); }

Markup expect_drawing(std::string_view svg) {
  Markup markup = parse_markup(svg);
  EXPECT_EQ(markup.fault, "");
  for (const MarkupElement& e : markup.elements) {
    for (const auto& [name, value] : e.attributes) {
      if (name == "href") continue;
      EXPECT_EQ(value.find("nan"), std::string::npos) << e.tag << " " << name << "=" << value;
      EXPECT_EQ(value.find("inf"), std::string::npos) << e.tag << " " << name << "=" << value;
    }
  }
  return markup;
}

}  // namespace claptools
