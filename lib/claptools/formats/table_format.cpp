#include "claptools/formats/table_format.hpp"

#include <algorithm>
#include <vector>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"

namespace claptools {
namespace {

std::string delimited_line(std::span<const Cell> cells, char delimiter,
                           std::string (*spell)(std::string_view)) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += delimiter;
    line += cells[i].is_number ? cells[i].value : spell(cells[i].value);
  }
  return line += '\n';
}

std::string json_value(const Cell& cell) {
  if (!cell.is_number) return quote_json(cell.value);
  const bool is_finite = cell.value.find_first_of("nN") == std::string::npos;  // nan, inf
  return is_finite ? cell.value : "null";
}

std::string json_line(std::span<const std::string> keys, std::span<const Cell> cells) {
  std::string line = "{";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) line += ", ";
    line += quote_json(keys[i]) + ": " + json_value(cells[i]);
  }
  return line += "}\n";
}

}  // namespace

std::string escape_all_but_breaks(std::string_view text) {
  std::string kept;
  for (;;) {
    const std::size_t plain = text.find_first_of("\t\n\r");
    kept += escape_controls(text.substr(0, plain));
    if (plain == text.npos) return kept;
    kept += text[plain];
    text.remove_prefix(plain + 1);
  }
}

std::string csv_field(std::string_view text) {
  const std::string field = escape_all_but_breaks(text);
  if (field.find_first_of(",\"\t\n\r") == field.npos) return field;
  std::string quoted = "\"";
  for (const char c : field) quoted.append(c == '"' ? 2 : 1, c);
  return quoted += '"';
}

std::string table_line(TableFormat format, std::span<const std::string> columns,
                       std::span<const Cell> cells) {
  if (format == TableFormat::json_lines) return json_line(columns, cells);
  return format == TableFormat::csv ? delimited_line(cells, ',', csv_field)
                                    : delimited_line(cells, '\t', escape_tsv);
}

std::string header_line(TableFormat format, std::span<const std::string> columns) {
  if (format == TableFormat::json_lines) return {};
  std::vector<Cell> names;
  for (const std::string& column : columns) names.push_back({column, false});
  return table_line(format, columns, names);
}

}  // namespace claptools
