#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/program/text_output.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// How results are printed.
struct TableOptions {
  bool json = false;
  bool no_header = false;
  std::string output = "-";
  bool force = false;
};

/// @throws Error{usage} for the name of another format.
void check_table_name(const TableOptions& options);

/// --json, --no-header, -o/--output, --force.
void add_table_options(CLI::App& app, TableOptions& options);

/// One field: text, or a number that is already spelled.
struct Cell {
  std::string value;
  bool is_number = false;
};

Cell text(std::string_view value);
Cell count(std::size_t value);
/// The shortest decimals that read back as the same double: times, metrics. NaN and infinite values
/// are null in JSON.
Cell number(double value);
/// A cosine with six decimals, about what float32 holds.
Cell score(double value);
/// The shortest decimals that read back as the same float.
Cell exact_score(float value);

/// Prints rows as TSV with a header line, or as JSON Lines with the same names. Locales change
/// nothing.
class TableWriter {
 public:
  /// @throws Error{usage} for the name of another format, {cannot_create}.
  TableWriter(const TableOptions& options, std::vector<std::string> columns);

  /// @param cells one per column. @throws Error{io}.
  void row(std::span<const Cell> cells);

  /// So that whoever reads standard output sees the rows. @throws Error{io}.
  void flush() { output_.flush(); }

  /// @throws Error{io}, {cannot_create}.
  void close();

 private:
  void write_header();

  TextOutput output_;
  bool json_;
  bool header_due_;  ///< it comes with the first row, so that a run which fails at once prints
                     ///< nothing
  std::vector<std::string> columns_;
};

/// `columns` followed by those of `meta`; a meta column whose name is taken becomes "meta.NAME".
std::vector<std::string> with_meta(std::vector<std::string> columns,
                                   std::span<const std::string> meta);

/// A JSON string without control characters; invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace claptools::cmd
