#include "claptools/tasks/lines.hpp"

#include <algorithm>
#include <sstream>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/ascii.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/table.hpp"

namespace claptools {
namespace {

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> fields;
  for (auto tab = line.find('\t'); tab != line.npos; tab = line.find('\t')) {
    fields.emplace_back(line.substr(0, tab));
    line.remove_prefix(tab + 1);
  }
  fields.emplace_back(line);
  return fields;
}

constexpr std::size_t kMaxBytes = std::size_t{256} << 20;  // of a file that people write

/// The text of a stream, which may be endless.
std::string read_text(std::istream& in) {
  std::string text;
  std::string block(std::size_t{1} << 16, '\0');
  while (text.size() < kMaxBytes) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    if (got == 0) break;
    text.append(block, 0, got);
  }
  return text;
}

/// The first line that is not blank, in small letters, without quotes and a byte-order mark.
std::string first_line(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == text.npos) return {};
  std::string line = ascii_lower(text.substr(start, text.find_first_of("\r\n", start) - start));
  std::erase_if(line, [](char c) { return c == '"' || c == ' '; });
  return line;
}

/// The column of `seconds` that a header names beside `label`.
std::string header_column(const std::string& line,
                          std::initializer_list<std::string_view> seconds) {
  const char parting = line.find('\t') != line.npos ? '\t' : ',';
  std::vector<std::string> columns;
  std::istringstream parts(line);
  for (std::string column; std::getline(parts, column, parting);) columns.push_back(column);
  if (std::ranges::count(columns, "label") != 1) return {};
  for (const std::string_view second : seconds)
    if (std::ranges::count(columns, second) == 1) return std::string(second);
  return {};
}

void visit_table(std::istream& in, std::string_view subject, std::string_view second,
                 const LineVisitor& visit) {
  Table table = read_table(in, subject);
  for (std::string& column : table.columns) {
    column = ascii_lower(column);
    std::erase(column, ' ');
  }
  const std::size_t label = table.require("label", subject);
  const std::size_t other = table.require(second, subject);
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    visit({table.rows[i][label], table.rows[i][other]},
          "line " + std::to_string(table.lines[i]) + ": ");
}

}  // namespace

std::string visit_labelled(std::istream& in, std::string_view subject,
                           std::initializer_list<std::string_view> seconds,
                           const LineVisitor& visit) {
  std::istringstream text(read_text(in));
  const std::string second = header_column(first_line(text.view()), seconds);
  second.empty() ? visit_lines(text, subject, FirstField::text, visit)
                 : visit_table(text, subject, second, visit);
  if (text.view().size() >= kMaxBytes) throw Error(Fault::data, subject, "is larger than 256 MiB");
  return second;
}

void visit_lines(std::istream& in, std::string_view subject, FirstField first,
                 const LineVisitor& visit) {
  LineReader lines(in, subject);
  for (std::string line; lines.next(line);) {
    const std::size_t end_of_name =
        first == FirstField::file ? std::min(line.find('\t'), line.size()) : 0;
    const bool is_name = line.find('\0') >= end_of_name;
    if (!is_name || find_text_fault(std::string_view(line).substr(end_of_name)))
      lines.check_text(line);
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    visit(split(line), "line " + std::to_string(lines.number()) + ": ");
  }
}

}  // namespace claptools
