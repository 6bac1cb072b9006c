#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "claptools/evaluate/gates.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// Gates as they are typed.
struct GateArguments {
  std::vector<std::string> minimums;  ///< "METRIC=VALUE"
  std::vector<std::string> drops;     ///< "METRIC=D", against the baseline
  std::string baseline;               ///< an earlier result with --json
  std::optional<std::size_t> max_missing;
};

/// --min, --baseline, --max-drop, --max-missing.
void add_gate_options(CLI::App& app, GateArguments& arguments);

/// @throws Error{no_input} or {data} for a baseline that cannot be read or lacks a metric.
GateOptions read_gates(const GateArguments& arguments);

}  // namespace claptools::cmd
