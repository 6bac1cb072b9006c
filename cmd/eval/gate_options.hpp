#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "claptools/evaluate/gates.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace claptools::cmd {

/// Gates as they are typed.
struct GateArguments {
  std::vector<std::string> minimums;  ///< "METRIC=VALUE"
  std::vector<std::string> drops;     ///< "METRIC=D", against the baseline
  std::string baseline;               ///< an earlier result with --json
  std::optional<std::size_t> max_missing;
};

/// An option "METRIC=VALUE" that may be repeated.
CLI::Option* add_bounds(CLI::App& app, const std::string& name, std::vector<std::string>& words,
                        const char* type, const char* text);

/// The words of add_bounds().
std::vector<MetricBound> read_bounds(const std::vector<std::string>& words);

/// The values of a result of --json, the totals first.
/// @throws Error{no_input} or {data} for what cannot be read or is not an object.
MetricValues read_result(const std::string& path);

/// --min, --baseline, --max-drop, --max-missing.
void add_gate_options(CLI::App& app, GateArguments& arguments);

/// @throws Error{no_input} or {data} for a baseline that cannot be read or lacks a metric.
GateOptions read_gates(const GateArguments& arguments);

}  // namespace claptools::cmd
