#include "claptools/evaluate/ci_reports.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "claptools/report/svg.hpp"

namespace claptools {
namespace {

/// A cell of a table in Markdown.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return escape_markup(text);
}

/// Six digits, whatever the locale.
std::string short_number(double value) {
  std::array<char, 32> digits{};
  const auto [end, code] =
      std::to_chars(digits.begin(), digits.end(), value, std::chars_format::general, 6);
  return {digits.begin(), end};
}

/// The data of a workflow command; a property escapes two more.
std::string escape_command(const std::string& text, bool is_property) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const std::string_view special = is_property ? "%\r\n:," : "%\r\n";
  std::string escaped;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      escaped += c;
    } else {
      const auto code = static_cast<unsigned char>(c);
      escaped += {'%', kDigits[code / 16], kDigits[code % 16]};
    }
  }
  return escaped;
}

}  // namespace

std::string junit_xml(const std::string& name, std::span<const Gate> gates) {
  const std::string suite = escape_markup(name);
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"" +
                    suite + "\" tests=\"" + std::to_string(gates.size()) + "\" failures=\"" +
                    std::to_string(std::ranges::count(gates, false, &Gate::passed)) +
                    "\" errors=\"0\">\n";
  for (const Gate& gate : gates) {
    const std::string verdict = escape_markup(gate.verdict);
    xml += "<testcase classname=\"" + suite + "\" name=\"" + escape_markup(gate.rule) + "\">";
    xml += gate.passed ? "<system-out>" + verdict + "</system-out>"
                       : "<failure message=\"" + verdict + "\">" + verdict + "</failure>";
    xml += "</testcase>\n";
  }
  return xml + "</testsuite>\n</testsuites>\n";
}

std::string github_annotations(const std::string& name, std::span<const Gate> gates) {
  std::string lines;
  for (const Gate& gate : gates) {
    if (gate.passed) continue;
    lines += "::error title=" + escape_command(name, true) +
             "::" + escape_command(gate.verdict, false) + "\n";
  }
  return lines;
}

std::string markdown_summary(const std::string& name, const MetricValues& values,
                             std::span<const Gate> gates) {
  std::string text = "### " + cell(name) + "\n\n| metric | value |\n|---|---:|\n";
  for (const MetricValue& v : values) {
    if (v.class_name.empty())
      text += "| " + cell(v.metric) + " | " + short_number(v.value) + " |\n";
  }
  if (gates.empty()) return text + "\n";
  text += "\n| gate | | |\n|---|---|---|\n";
  for (const Gate& gate : gates) {
    text += "| " + cell(gate.rule) + " | " + (gate.passed ? "passed" : "**failed**") + " | " +
            cell(gate.verdict) + " |\n";
  }
  return text + "\n";
}

}  // namespace claptools
