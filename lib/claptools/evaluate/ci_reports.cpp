#include "claptools/evaluate/ci_reports.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "claptools/report/svg.hpp"

namespace claptools {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();  // never "-nan"

/// A cell of a table in Markdown.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return escape_markup(text);
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

std::string short_number(double value) {
  value += 0.0;  // no "-0"
  const bool is_whole = value == std::floor(value) && std::abs(value) < 1e15;
  std::array<char, 32> digits{};
  const auto [end, code] =
      is_whole ? std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed)
               : std::to_chars(digits.begin(), digits.end(), std::isnan(value) ? kNaN : value,
                               std::chars_format::general, 6);
  return {digits.begin(), end};
}

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

namespace {

std::string optional_number(const std::optional<double>& value) {
  return value ? short_number(*value) : "";
}

/// "[-0.01, 0.2]" and "0.012*", which is the usual mark of a p below 0.05.
std::string bootstrap_cells(const std::optional<PairedBootstrap>& bootstrap) {
  if (!bootstrap) return " | ";
  return "[" + short_number(bootstrap->low) + ", " + short_number(bootstrap->high) + "] | " +
         short_number(bootstrap->p) + (bootstrap->p < 0.05 ? "*" : "");
}

}  // namespace

std::string markdown_comparison(const std::string& a, const std::string& b,
                                std::span<const ComparedMetric> rows, const std::string& note) {
  std::string text = "| metric | class | " + cell(a) + " | " + cell(b) +
                     " | difference | 95 % interval | p |\n|---|---|---:|---:|---:|---|---:|\n";
  for (const ComparedMetric& row : rows) {
    text += "| " + cell(row.metric) + " | " + cell(row.class_name) + " | " +
            optional_number(row.a) + " | " + optional_number(row.b) + " | " +
            optional_number(row.difference) + " | " + bootstrap_cells(row.bootstrap) + " |\n";
  }
  return note.empty() ? text : text + "\n" + cell(note) + "\n";
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
