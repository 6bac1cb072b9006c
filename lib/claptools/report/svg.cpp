#include "claptools/report/svg.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/utf8.hpp"
#include "claptools/report/fit_text.hpp"

namespace claptools {
namespace {

/// Code points that no XML file may hold, and those that turn the direction of what follows.
bool is_unfit(char32_t c) {
  return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string_view entity(char32_t c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

std::string_view anchor_name(Anchor anchor) {
  return anchor == Anchor::start ? "start" : anchor == Anchor::middle ? "middle" : "end";
}

/// A paint on a dark screen.
struct DarkPaint {
  Paint paint;
  std::string_view colour;
};

constexpr std::array kDark = {
    DarkPaint{kInk, "#e4e4e4"},   DarkPaint{kMuted, "#aaaaaa"},  DarkPaint{kGrid, "#3a3a3a"},
    DarkPaint{kPaper, "#161616"}, DarkPaint{kBlue, "#5aa9ff"},   DarkPaint{kVermilion, "#ff8c42"},
    DarkPaint{kGreen, "#2cc99a"}, DarkPaint{kPurple, "#e8a3cb"}, DarkPaint{kOrange, "#f5b731"},
    DarkPaint{kSky, "#9adcff"},
};

/// Overrules the colours, which stand as attributes for programs that know no style sheets. On a
/// page it holds for all plots. What is printed stays dark on white.
std::string dark_style() {
  std::string rules =
      ":root { color-scheme: light dark } @media screen and (prefers-color-scheme: dark) {";
  for (const auto& [paint, colour] : kDark) {
    const std::string name(paint.css_class), value(colour);
    rules += " ." + name + " { fill: " + value + " } ." + name + "-line { stroke: " + value + " }";
  }
  return rules + " }";
}

void open_text(SvgWriter& svg, double x, double y, const TextStyle& style) {
  svg.open("text").attribute("x", x).attribute("y", y).attribute("font-size", style.size);
  if (style.anchor != Anchor::start) svg.attribute("text-anchor", anchor_name(style.anchor));
  if (style.bold) svg.attribute("font-weight", "bold");
  if (style.turn != 0) {
    svg.attribute("transform",
                  "rotate(" + decimal(style.turn) + " " + decimal(x) + " " + decimal(y) + ")");
  }
  svg.fill(style.paint);
}

}  // namespace

std::string escape_markup(std::string_view text) {
  const std::string shown = escape_controls(text);
  std::string out;
  out.reserve(shown.size());
  for (std::string_view rest = shown; !rest.empty();) {
    const Utf8Char c = decode_utf8(rest);
    const std::string_view mark = entity(c.code_point);
    if (!mark.empty()) {
      out += mark;
    } else {
      append_utf8(out, is_unfit(c.code_point) ? 0xFFFD : c.code_point);
    }
    rest.remove_prefix(c.length);
  }
  return out;
}

std::string fixed_decimal(double value, int decimals) {
  if (!std::isfinite(value)) value = 0;
  value = std::clamp(value, -1e15, 1e15);
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals).ptr;
  return std::string(buffer, end);
}

std::string decimal(double value, int decimals) {
  std::string out = fixed_decimal(value, decimals);
  if (out.find('.') != std::string::npos) {
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
  }
  return out == "-0" ? "0" : out;
}

std::string result_text(double value, int decimals) {
  if (std::isnan(value)) return "\xE2\x80\x93";
  if (std::isinf(value)) return value > 0 ? "\xE2\x88\x9E" : "\xE2\x88\x92\xE2\x88\x9E";
  return fixed_decimal(value, decimals);
}

SvgWriter::SvgWriter(double width, double height, std::string_view title,
                     std::string_view description) {
  open("svg").attribute("xmlns", "http://www.w3.org/2000/svg");
  attribute("viewBox", "0 0 " + decimal(width) + " " + decimal(height));
  attribute("width", width).attribute("height", height);
  attribute("role", "img").attribute("font-family", "Helvetica, Arial, sans-serif");
  open("title").text(title).close();
  open("desc").text(description).close();
  open("style").text(dark_style()).close();
  draw_rect(*this, {0, 0, width, height}, kPaper);
}

SvgWriter& SvgWriter::open(std::string_view tag) {
  end_tag();
  (out_ += '<') += tag;
  open_.emplace_back(tag);
  in_tag_ = true;
  return *this;
}

SvgWriter& SvgWriter::attribute(std::string_view name, std::string_view value) {
  (out_ += ' ') += name;
  (out_ += "=\"") += escape_markup(value);
  out_ += '"';
  return *this;
}

SvgWriter& SvgWriter::attribute(std::string_view name, double value) {
  return attribute(name, decimal(value));
}

SvgWriter& SvgWriter::fill(Paint paint) {
  if (!paint.css_class.empty()) attribute("class", paint.css_class);
  return attribute("fill", paint.colour);
}

SvgWriter& SvgWriter::stroke(Paint paint, double width) {
  if (!paint.css_class.empty()) attribute("class", std::string(paint.css_class) + "-line");
  return attribute("fill", "none")
      .attribute("stroke", paint.colour)
      .attribute("stroke-width", width);
}

SvgWriter& SvgWriter::text(std::string_view text) {
  end_tag();
  out_ += escape_markup(text);
  return *this;
}

SvgWriter& SvgWriter::tooltip(std::string_view text) {
  if (!text.empty()) open("title").text(text).close();
  return *this;
}

SvgWriter& SvgWriter::close() {
  if (in_tag_) {
    out_ += "/>";
  } else {
    ((out_ += "</") += open_.back()) += '>';
  }
  in_tag_ = false;
  open_.pop_back();
  if (open_.size() == 1) out_ += '\n';
  return *this;
}

std::string SvgWriter::finish() {
  while (!open_.empty()) close();
  return std::move(out_) + '\n';
}

void SvgWriter::end_tag() {
  if (in_tag_) out_ += '>';
  in_tag_ = false;
}

void draw_rect(SvgWriter& svg, const Box& box, Paint paint, std::string_view tooltip) {
  svg.open("rect").attribute("x", box.x).attribute("y", box.y);
  svg.attribute("width", std::max(box.width, 0.0)).attribute("height", std::max(box.height, 0.0));
  svg.fill(paint).tooltip(tooltip).close();
}

void draw_line(SvgWriter& svg, double x1, double y1, double x2, double y2, Paint paint,
               double width) {
  svg.open("line").attribute("x1", x1).attribute("y1", y1);
  svg.attribute("x2", x2).attribute("y2", y2).stroke(paint, width).close();
}

void draw_text(SvgWriter& svg, double x, double y, std::string_view text, const TextStyle& style) {
  open_text(svg, x, y, style);
  svg.text(text).close();
}

void draw_name(SvgWriter& svg, double x, double y, std::string_view name, double width,
               const TextStyle& style) {
  const FittedText fitted = fit_text(name, width, style.size);
  open_text(svg, x, y, style);
  if (fitted.cut) svg.tooltip(name);
  svg.text(fitted.text).close();
}

void draw_title(SvgWriter& svg, double width, std::string_view title, std::string_view subtitle) {
  draw_name(svg, 16, 26, title, (width - 32) * 0.93, {.size = 16, .bold = true});
  if (!subtitle.empty()) draw_name(svg, 16, 45, subtitle, width - 32, {.paint = kMuted});
}

}  // namespace claptools
