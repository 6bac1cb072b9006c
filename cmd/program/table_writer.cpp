#include "cmd/program/table_writer.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "claptools/core/strings/escape.hpp"
#include "cmd/options/output_name.hpp"

namespace claptools::cmd {
namespace {

std::string tsv_line(std::span<const Cell> cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += '\t';
    line += cells[i].is_number ? cells[i].value : escape_tsv(cells[i].value);
  }
  return line += '\n';
}

std::string json_value(const Cell& cell) {
  if (!cell.is_number) return json_string(cell.value);
  const bool is_finite = cell.value.find_first_of("nN") == std::string::npos;  // nan, inf
  return is_finite ? cell.value : "null";
}

std::string json_line(std::span<const std::string> keys, std::span<const Cell> cells) {
  std::string line = "{";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) line += ", ";
    line += json_string(keys[i]) + ": " + json_value(cells[i]);
  }
  return line += "}\n";
}

}  // namespace

void add_table_options(CLI::App& app, TableOptions& options) {
  app.add_flag("--json", options.json, "JSON Lines instead of a table");
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

void check_table_name(const TableOptions& options) {
  require_fitting_name(options.output, options.json ? Content::json_lines : Content::table);
}

TableWriter::TableWriter(const TableOptions& options, std::vector<std::string> columns)
    : output_((check_table_name(options), options.output), options.force),
      json_(options.json),
      header_due_(!options.json && !options.no_header),
      columns_(std::move(columns)) {}

void TableWriter::row(std::span<const Cell> cells) {
  write_header();
  output_.write(json_ ? json_line(columns_, cells) : tsv_line(cells));
}

void TableWriter::close() {
  write_header();
  output_.close();
}

void TableWriter::write_header() {
  if (!std::exchange(header_due_, false)) return;
  std::vector<Cell> names;
  for (const std::string& name : columns_) names.push_back(text(name));
  output_.write(tsv_line(names));
}

std::vector<std::string> with_meta(std::vector<std::string> columns,
                                   std::span<const std::string> meta) {
  const std::vector<std::string> taken = columns;
  for (const std::string& name : meta) {
    columns.push_back(std::ranges::count(taken, name) > 0 ? "meta." + name : name);
  }
  return columns;
}

std::string json_string(std::string_view text) {
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  return escape_json(nlohmann::json(std::string(text)).dump(-1, ' ', false, kReplace));
}

}  // namespace claptools::cmd
