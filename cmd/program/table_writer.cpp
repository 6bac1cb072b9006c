#include "cmd/program/table_writer.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "claptools/core/strings/ascii.hpp"
#include "claptools/core/strings/join.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"

namespace claptools::cmd {
namespace {

/// A format of tables: its word, what its names end in, and what they promise.
struct TableWord {
  std::string_view word;
  TableFormat format;
  std::string_view endings;
  Content content;
};

constexpr std::array kWords = {
    TableWord{"tsv", TableFormat::tsv, " tsv tab ", Content::table},
    TableWord{"csv", TableFormat::csv, " csv ", Content::csv},
    TableWord{"jsonl", TableFormat::json_lines, " jsonl ndjson jsonlines ", Content::json_lines}};

/// The word that the name of an output stands for; empty if it may be anything.
std::string word_of_name(const std::string& path, bool with_labels) {
  const std::string ending = " " + ending_of(path) + " ";
  for (const TableWord& known : kWords)
    if (known.endings.find(ending) != std::string_view::npos) return std::string(known.word);
  const EventFormat* const labels = with_labels ? event_format_of_name(path) : nullptr;
  return labels ? std::string(labels->name) : "";
}

std::string chosen_word(const TableOptions& options, bool with_labels) {
  if (options.json) return "jsonl";
  const std::string named = word_of_name(options.output, with_labels);
  const bool is_default = options.typed_format && !is_given(*options.typed_format);
  return options.format.empty() || (is_default && !named.empty()) ? named : options.format;
}

OutputFormat labels_as(const EventFormat& format, const std::string& output) {
  require_fitting_name(output, format.title, " " + ascii_lower(format.ending) + " txt text ",
                       "name it ." + std::string(format.ending));
  return {TableFormat::tsv, &format};
}

}  // namespace

OutputFormat output_format(const TableOptions& options, bool with_labels) {
  const std::string word = chosen_word(options, with_labels);
  if (const EventFormat* labels = find_event_format(word))
    return labels_as(*labels, options.output);
  const auto known = std::ranges::find(kWords, word, &TableWord::word);
  const TableWord& table = known == kWords.end() ? kWords[0] : *known;
  require_fitting_name(options.output, table.content);
  return {table.format, nullptr};
}

void add_table_options(CLI::App& app, TableOptions& options,
                       const std::vector<std::string>& other_formats) {
  std::vector<std::string> words;
  for (const TableWord& known : kWords) words.emplace_back(known.word);
  CLI::Option* const json = app.add_flag("--json", options.json, "the same as --format jsonl");
  const std::string text = other_formats.empty()
                               ? join(words, ", ") + " (default: as the name of -o says, else tsv)"
                               : join(words, ", ") + "; events: " + join(other_formats, ", ");
  words.insert(words.end(), other_formats.begin(), other_formats.end());
  options.typed_format = app.add_option("--format", options.format, text)
                             ->type_name("NAME")
                             ->check(one_of(words))
                             ->excludes(json);
  app.add_flag("--no-header", options.no_header, "no header line");
  app.add_option("-o,--output", options.output, "default: standard output")->type_name("FILE");
  app.add_flag("--force", options.force, "replace an existing output");
}

Cell text(std::string_view value) { return {std::string(value), false}; }

Cell count(std::size_t value) { return {fmt::format("{}", value), true}; }

Cell number(double value) { return {fmt::format("{}", value), true}; }

Cell score(double value) {
  const double rounded = std::round(value * 1e6) / 1e6 + 0.0;  // + 0.0: no "-0.000000"
  return {fmt::format("{:.6f}", rounded), true};
}

Cell exact_score(float value) { return {fmt::format("{}", value + 0.0F), true}; }

void check_table_name(const TableOptions& options) { output_format(options); }

TableWriter::TableWriter(const TableOptions& options, std::vector<std::string> columns)
    : output_((check_table_name(options), options.output), options.force),
      format_(output_format(options).table),
      header_due_(!options.no_header),
      columns_(std::move(columns)) {}

void TableWriter::row(std::span<const Cell> cells) {
  write_header();
  output_.write(table_line(format_, columns_, cells));
}

void TableWriter::close() {
  write_header();
  output_.close();
}

void TableWriter::write_header() {
  if (std::exchange(header_due_, false)) output_.write(header_line(format_, columns_));
}

std::vector<std::string> with_meta(std::vector<std::string> columns,
                                   std::span<const std::string> meta) {
  const std::vector<std::string> taken = columns;
  for (const std::string& name : meta) {
    columns.push_back(std::ranges::count(taken, name) > 0 ? "meta." + name : name);
  }
  return columns;
}

}  // namespace claptools::cmd
