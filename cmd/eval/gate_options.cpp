#include "cmd/eval/gate_options.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/json.hpp"
#include "cmd/eval/task_options.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {
namespace {

std::optional<MetricBound> parse_bound(const std::string& word) {
  const auto parts = split_assignment(word);
  const auto value = parts ? parse_number(parts->second) : std::nullopt;
  if (!value) return std::nullopt;
  return MetricBound{parts->first, *value};
}

/// "nan" and the infinities are words in JSON.
std::optional<double> value_of(const nlohmann::ordered_json& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (value.is_number()) return value.get<double>();
  if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (value == "inf" || value == "-inf") return value == "inf" ? kInfinity : -kInfinity;
  return {};
}

/// The totals of an earlier result that are defined.
Baseline read_baseline(const std::string& path) {
  Baseline baseline{path, {}};
  for (const MetricValue& v : read_result(path))
    if (v.class_name.empty() && !std::isnan(v.value)) baseline.totals[v.metric] = v.value;
  return baseline;
}

}  // namespace

std::vector<MetricBound> read_bounds(const std::vector<std::string>& words) {
  std::vector<MetricBound> bounds;
  for (const std::string& word : words) bounds.push_back(parse_bound(word).value());
  return bounds;
}

CLI::Option* add_bounds(CLI::App& app, const std::string& name, std::vector<std::string>& words,
                        const char* type, const char* text) {
  return app.add_option(name, words, text)
      ->type_name(type)
      ->expected(1)
      ->allow_extra_args(false)  // what follows a value is an argument
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check([name, type](const std::string& word) {
        return parse_bound(word) ? "" : name + " needs " + type + ", not '" + word + "'";
      });
}

MetricValues read_result(const std::string& path) {
  const auto object = nlohmann::ordered_json::parse(read_json_file(path));
  if (!object.is_object()) throw Error(Fault::data, path, "is not a result of --json");
  MetricValues values;
  for (const auto& [metric, value] : object.items())
    if (const auto number = value_of(value)) values.push_back({metric, "", *number});
  if (values.empty()) throw Error(Fault::data, path, "is not a result of --json: no metric");
  const auto per_class = object.find("per_class");
  if (per_class == object.end() || !per_class->is_object()) return values;
  for (const auto& [metric, classes] : per_class->items()) {
    if (!classes.is_object()) continue;
    for (const auto& [name, value] : classes.items())
      if (const auto number = value_of(value)) values.push_back({metric, name, *number});
  }
  return values;
}

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
  gates.minimums = read_bounds(arguments.minimums);
  gates.max_drops = read_bounds(arguments.drops);
  gates.max_missing = arguments.max_missing;
  if (!gates.max_drops.empty()) gates.baseline = read_baseline(arguments.baseline);
  check_baseline(gates);
  return gates;
}

}  // namespace claptools::cmd
