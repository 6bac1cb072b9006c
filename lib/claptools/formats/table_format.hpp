#pragma once

#include <span>
#include <string>
#include <string_view>

namespace claptools {

/// How a table is written.
enum class TableFormat {
  tsv,         ///< tab separated; fields are escaped (escape_tsv)
  csv,         ///< as csv_field(), after a header line
  json_lines,  ///< one object per row, with the columns as keys
};

/// One field: text, or a number that is already spelled.
struct Cell {
  std::string value;
  bool is_number = false;
};

/// A line with the names of the columns; empty for JSON Lines.
std::string header_line(TableFormat format, std::span<const std::string> columns);

/// A row as one line, or in CSV several if a field has line breaks. Numbers that are not finite are
/// null in JSON. @param cells one per column.
std::string table_line(TableFormat format, std::span<const std::string> columns,
                       std::span<const Cell> cells);

/// A field of CSV as Python's csv module and spreadsheets read it (RFC 4180, but lines end with a
/// line feed alone): in quotes, with doubled quotes inside, if it has a comma, a quote, a tab, a
/// line feed or a carriage return. Other control characters, and bytes that are not UTF-8, become
/// \xNN, since neither a terminal nor those programs can have them.
std::string csv_field(std::string_view text);

/// A text whose tabs, line feeds and carriage returns stay as they are; other control characters,
/// and bytes that are not UTF-8, become \xNN.
std::string escape_all_but_breaks(std::string_view text);

}  // namespace claptools
