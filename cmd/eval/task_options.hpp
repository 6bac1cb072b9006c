#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "claptools/evaluate/evaluation.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace claptools::cmd {

/// An option that names a file.
CLI::Option* add_file(CLI::App& app, const char* name, std::string& file, const char* text);

/// --ci, --ci-level and --seed.
void add_intervals(CLI::App& app, EvaluationOptions& options);

/// --basenames and --stems.
void add_names(CLI::App& app, NameMatching& names);

/// --drop-clips-without-truth.
void add_unscored(CLI::App& app, bool& drop);

/// --median.
CLI::Option* add_median(CLI::App& app, std::size_t& window, const char* text);

/// --merge-overlapping.
void add_merge(CLI::App& app, bool& merge);

/// Those of the files that were named.
ReportRows given(ReportRows files);

/// The parts of "NAME=VALUE"; none without a name.
std::optional<std::pair<std::string, std::string>> split_assignment(std::string_view word);

/// A finite number and nothing else.
std::optional<double> parse_number(std::string_view text);

}  // namespace claptools::cmd
