#include <array>
#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/tasks/csebbs/csebbs.hpp"

namespace claptools {
namespace {

constexpr const char* kLabel = "label";
constexpr const char* kLength = "step_filter_length";
constexpr const char* kAbsolute = "merge_threshold_abs";
constexpr const char* kRelative = "merge_threshold_rel";
constexpr double kMaxLength_s = 3600;

/// The places of labels, as they are or as a table escapes them.
std::optional<std::size_t> find_label(std::span<const std::string> labels,
                                      const std::string& field) {
  for (const std::string& name : {field, unescape_tsv(field)})
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] == name) return i;
  return std::nullopt;
}

/// The numbers of one row. @param columns of the three.
std::optional<CsebbsParameters> parse_row(std::span<const std::string> row,
                                          std::span<const std::size_t> columns) {
  const auto length = parse<double>(row[columns[0]]);
  const auto absolute = parse<double>(row[columns[1]]);
  const auto relative = parse<double>(row[columns[2]]);
  const bool is_good = length && absolute && relative && *length > 0 && *length <= kMaxLength_s &&
                       *absolute >= 0 && *relative >= 0;
  if (!is_good) return std::nullopt;
  return CsebbsParameters{*length, *absolute, *relative};
}

}  // namespace

std::vector<CsebbsParameters> read_csebbs_parameters(std::istream& in, std::string_view subject,
                                                     std::span<const std::string> labels,
                                                     const CsebbsParameters& otherwise) {
  const Table table = read_table(in, subject);
  const std::size_t label = table.require(kLabel, subject);
  const std::array columns{table.require(kLength, subject), table.require(kAbsolute, subject),
                           table.require(kRelative, subject)};
  std::vector<std::optional<CsebbsParameters>> own(labels.size());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const auto fail = [&](const std::string& reason) {
      throw Error(Fault::data, subject,
                  "line " + std::to_string(table.lines[i]) + ": '" + row[label] + "' " + reason);
    };
    const auto at = find_label(labels, row[label]);
    if (!at) fail("is not one of the labels");
    if (own[*at]) fail("occurs twice");
    own[*at] = parse_row(row, columns);
    if (!own[*at]) fail("needs a length above 0 (s) and two thresholds of at least 0");
  }
  std::vector<CsebbsParameters> parameters;
  for (const auto& value : own) parameters.push_back(value.value_or(otherwise));
  return parameters;
}

std::string csebbs_table(std::span<const ClassCsebbs> classes) {
  std::string table = join(std::array{kLabel, kLength, kAbsolute, kRelative}, "\t") + '\n';
  for (const auto& [label, parameters] : classes) {
    const auto& [length_s, absolute, relative] = parameters;
    const std::array fields{escape_tsv(label), number_text(length_s), number_text(absolute),
                            number_text(relative)};
    table += join(fields, "\t") + '\n';
  }
  return table;
}

}  // namespace claptools
