#include "cmd/eval/eval_gates.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/report/svg.hpp"
#include "cmd/eval/eval_options.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {
namespace {

/// Metrics are the same to this when they are computed on another machine.
constexpr double kTolerance = 1e-9;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Bound {
  std::string metric;
  double value = 0;
};

std::optional<Bound> parse_bound(const std::string& word) {
  const auto parts = split_assignment(word);
  const auto value = parts ? parse_number(parts->second) : std::nullopt;
  if (!value) return std::nullopt;
  return Bound{parts->first, *value};
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

double total_of(const MetricValues& values, const std::string& metric, const char* option) {
  const auto found = std::ranges::find_if(
      values, [&](const MetricValue& v) { return v.class_name.empty() && v.metric == metric; });
  if (found == values.end()) {
    throw Error(Fault::usage, option, "there is no metric '" + metric + "'");
  }
  return found->value;
}

nlohmann::json read_baseline(const std::string& path) {
  nlohmann::json baseline = nlohmann::json::parse(read_json_file(path));
  if (!baseline.is_object()) throw Error(Fault::data, path, "is no result of --json");
  return baseline;
}

double baseline_of(const nlohmann::json& baseline, const std::string& metric,
                   const std::string& path) {
  const auto found = baseline.find(metric);
  std::optional<double> value;
  if (found != baseline.end() && found->is_number()) value = found->get<double>();
  if (found != baseline.end() && (*found == "inf" || *found == "-inf")) {
    value = *found == "inf" ? kInfinity : -kInfinity;
  }
  if (!value) throw Error(Fault::data, path, "has no total '" + metric + "' that is defined");
  return *value;
}

Gate judge_minimum(const Gates::Rule& rule, double value) {
  const bool passed = value >= rule.bound;
  return {fmt::format("{} >= {}", rule.metric, rule.bound), passed,
          fmt::format("{}: {} is {} the minimum of {}", rule.metric, value,
                      passed ? "not below" : "below", rule.bound)};
}

Gate judge_drop(const Gates::Rule& rule, double value, const std::string& baseline) {
  const double before = rule.before.value();
  const bool passed = value >= before - rule.bound - kTolerance;
  return {fmt::format("{} >= {} - {} ({})", rule.metric, before, rule.bound, baseline), passed,
          fmt::format("{}: {} is {} than {} below the {} of {}", rule.metric, value,
                      passed ? "not more" : "more", rule.bound, before, baseline)};
}

Gate judge_missing(std::span<const std::string> missing, std::size_t most) {
  const bool passed = missing.size() <= most;
  std::string verdict = fmt::format("{}: {} is {} the maximum of {}", kMissing, missing.size(),
                                    passed ? "not above" : "above", most);
  if (!missing.empty()) verdict += "; without scores: " + quote_name(missing[0]);
  if (missing.size() > 1) verdict += " and others";
  if (!passed) verdict += fmt::format("; --max-missing {} lets them pass", missing.size());
  return {fmt::format("{} <= {}", kMissing, most), passed, verdict};
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return escape_markup(text);
}

/// The data of a workflow command; a property escapes two more.
std::string escape_command(const std::string& text, bool is_property) {
  std::string escaped;
  for (const char c : text) {
    const bool special =
        c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
    escaped += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return escaped;
}

}  // namespace

void add_gate_options(CLI::App& app, GateOptions& options) {
  add_bounds(app, "--min", options.minimums, "METRIC=VALUE",
             "exit with 1 if the metric is lower; may be repeated");
  app.add_option("--baseline", options.baseline, "an earlier result with --json")
      ->type_name("FILE");
  add_bounds(app, "--max-drop", options.drops, "METRIC=D",
             "exit with 1 if it is lower than the baseline by more than D")
      ->needs("--baseline");
  app.get_option("--baseline")->needs("--max-drop");
  add_number(app, "--max-missing", options.max_missing, WholeRange{},
             "exit with 1 if more clips are missing (0)", "N");
}

Gates::Gates(const GateOptions& options)
    : baseline_(options.baseline), max_missing_(options.max_missing) {
  for (const std::string& word : options.minimums) {
    const Bound minimum = parse_bound(word).value();
    rules_.push_back({"--min", minimum.metric, minimum.value, {}});
  }
  if (options.drops.empty()) return;
  const nlohmann::json baseline = read_baseline(baseline_);
  for (const std::string& word : options.drops) {
    const Bound drop = parse_bound(word).value();
    rules_.push_back(
        {"--max-drop", drop.metric, drop.value, baseline_of(baseline, drop.metric, baseline_)});
  }
}

std::vector<Gate> Gates::judge(const MetricValues& values,
                               std::span<const std::string> missing) const {
  std::vector<Gate> gates;
  if (max_missing_ || !missing.empty()) {
    gates.push_back(judge_missing(missing, max_missing_.value_or(0)));
  }
  for (const Rule& rule : rules_) {
    const double value = total_of(values, rule.metric, rule.option);
    gates.push_back(rule.before ? judge_drop(rule, value, baseline_) : judge_minimum(rule, value));
  }
  return gates;
}

std::string junit_xml(const std::string& name, const std::vector<Gate>& gates) {
  const std::string suite = escape_markup(name);
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n",
      suite, gates.size(), std::ranges::count(gates, false, &Gate::passed));
  for (const Gate& gate : gates) {
    const std::string verdict = escape_markup(gate.verdict);
    xml += fmt::format("<testcase classname=\"{}\" name=\"{}\">", suite, escape_markup(gate.rule));
    xml += gate.passed ? fmt::format("<system-out>{}</system-out>", verdict)
                       : fmt::format("<failure message=\"{0}\">{0}</failure>", verdict);
    xml += "</testcase>\n";
  }
  return xml + "</testsuite>\n</testsuites>\n";
}

std::string github_annotations(const std::string& name, const std::vector<Gate>& gates) {
  std::string lines;
  for (const Gate& gate : gates) {
    if (gate.passed) continue;
    lines += "::error title=" + escape_command(name, true) +
             "::" + escape_command(gate.verdict, false) + "\n";
  }
  return lines;
}

std::string markdown_summary(const std::string& name, const MetricValues& values,
                             const std::vector<Gate>& gates) {
  std::string text = "### " + cell(name) + "\n\n| metric | value |\n|---|---:|\n";
  for (const MetricValue& v : values) {
    if (v.class_name.empty()) text += fmt::format("| {} | {:.6g} |\n", cell(v.metric), v.value);
  }
  if (gates.empty()) return text + "\n";
  text += "\n| gate | | |\n|---|---|---|\n";
  for (const Gate& gate : gates) {
    text += fmt::format("| {} | {} | {} |\n", cell(gate.rule),
                        gate.passed ? "passed" : "**failed**", cell(gate.verdict));
  }
  return text + "\n";
}

}  // namespace claptools::cmd
