#include "cmd/eval/gate_options.hpp"

#include <CLI/CLI.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/json.hpp"
#include "cmd/eval/eval_options.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {
namespace {

std::optional<MetricBound> parse_bound(const std::string& word) {
  const auto parts = split_assignment(word);
  const auto value = parts ? parse_number(parts->second) : std::nullopt;
  if (!value) return std::nullopt;
  return MetricBound{parts->first, *value};
}

std::vector<MetricBound> parse_bounds(const std::vector<std::string>& words) {
  std::vector<MetricBound> bounds;
  for (const std::string& word : words) bounds.push_back(parse_bound(word).value());
  return bounds;
}

CLI::Option* add_bounds(CLI::App& app, const std::string& name, std::vector<std::string>& words,
                        const char* type, const char* text) {
  return app.add_option(name, words, text)
      ->type_name(type)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check([name, type](const std::string& word) {
        return parse_bound(word) ? "" : name + " needs " + type + ", not '" + word + "'";
      });
}

/// The numbers of a result of --json; those of classes are in an object of their own.
Baseline read_baseline(const std::string& path) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto object = nlohmann::json::parse(read_json_file(path));
  if (!object.is_object()) throw Error(Fault::data, path, "is not a result of --json");
  Baseline baseline{path, {}};
  for (const auto& [metric, value] : object.items()) {
    if (value.is_number()) baseline.totals[metric] = value.get<double>();
    if (value == "inf" || value == "-inf") {
      baseline.totals[metric] = value == "inf" ? kInfinity : -kInfinity;
    }
  }
  return baseline;
}

}  // namespace

void add_gate_options(CLI::App& app, GateArguments& arguments) {
  add_bounds(app, "--min", arguments.minimums, "METRIC=VALUE",
             "exit with 1 if the metric is lower; may be repeated");
  app.add_option("--baseline", arguments.baseline, "an earlier result with --json")
      ->type_name("FILE");
  add_bounds(app, "--max-drop", arguments.drops, "METRIC=D",
             "exit with 1 if it is lower than the baseline by more than D")
      ->needs("--baseline");
  app.get_option("--baseline")->needs("--max-drop");
  add_number(app, "--max-missing", arguments.max_missing, WholeRange{},
             "exit with 1 if more clips are missing (0)", "N");
}

GateOptions read_gates(const GateArguments& arguments) {
  GateOptions gates;
  gates.minimums = parse_bounds(arguments.minimums);
  gates.max_drops = parse_bounds(arguments.drops);
  gates.max_missing = arguments.max_missing;
  if (!gates.max_drops.empty()) gates.baseline = read_baseline(arguments.baseline);
  check_baseline(gates);
  return gates;
}

}  // namespace claptools::cmd
