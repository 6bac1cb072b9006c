#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/formats/event_format.hpp"
#include "claptools/formats/table_format.hpp"
#include "cmd/program/text_output.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace claptools::cmd {

/// How results are printed.
struct TableOptions {
  bool json = false;
  bool no_header = false;
  std::string output = "-";
  bool force = false;
  std::string format;  ///< a word of --format; empty: as `output` is named, else tab separated
  const CLI::Option* typed_format = nullptr;  ///< where `format` comes from
};

/// What a result is written as.
struct OutputFormat {
  TableFormat table = TableFormat::tsv;
  const EventFormat* labels = nullptr;  ///< instead of a table
};

/// What --json or --format says, else what the name of the output stands for (.csv, .jsonl ...),
/// else a table with tabs. A name that was typed takes precedence over a default from the
/// environment. @param with_labels whether a name may stand for a format of labels, too.
/// @throws Error{usage} for the name of another format.
OutputFormat output_format(const TableOptions& options, bool with_labels = false);

/// @throws Error{usage} for the name of another format.
void check_table_name(const TableOptions& options);

/// --json, --format, --no-header, -o/--output, --force.
/// @param other_formats words of --format besides tsv, csv and jsonl.
void add_table_options(CLI::App& app, TableOptions& options,
                       const std::vector<std::string>& other_formats = {});

Cell text(std::string_view value);
Cell count(std::size_t value);
/// The shortest decimals that read back as the same double: times, metrics. NaN and infinite values
/// are null in JSON.
Cell number(double value);
/// A cosine with six decimals, about what float32 holds.
Cell score(double value);
/// The shortest decimals that read back as the same float.
Cell exact_score(float value);

/// Prints rows as TSV or CSV with a header line, or as JSON Lines with the same names. Locales
/// change nothing.
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
  TableFormat format_;
  bool header_due_;  ///< it comes with the first row, so that a run which fails at once prints
                     ///< nothing
  std::vector<std::string> columns_;
};

/// `columns` followed by those of `meta`; a meta column whose name is taken becomes "meta.NAME".
std::vector<std::string> with_meta(std::vector<std::string> columns,
                                   std::span<const std::string> meta);

}  // namespace claptools::cmd
