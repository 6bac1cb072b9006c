#include "claptools/evaluate/task_parts.hpp"

#include <algorithm>
#include <utility>

namespace claptools {
namespace {

/// "{} can be heard" if each label's prompt is that of all others with the label in it.
std::string prompt_pattern(std::span<const std::string> prompts,
                           std::span<const std::string> classes) {
  const std::size_t at = prompts[0].find(classes[0]);
  if (at == std::string::npos) return {};
  const std::string before = prompts[0].substr(0, at);
  const std::string after = prompts[0].substr(at + classes[0].size());
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (prompts[c] != before + classes[c] + after) return {};
  }
  return before + "{}" + after;
}

std::string describe_prompts(std::span<const std::string> prompts,
                             std::span<const std::string> classes) {
  std::string text = prompt_pattern(prompts, classes);
  if (!text.empty()) return text;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    text += (c > 0 ? "; " : "") + classes[c] + ": " + prompts[c];
  }
  return text;
}

}  // namespace

MatchOptions match_options(const EvaluationOptions& options, std::vector<std::string> failed) {
  return {options.names, options.tolerate_missing, std::move(failed), options.log};
}

ReportRows origin_rows(const Provenance& origin, std::span<const std::string> classes) {
  ReportRows rows;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) rows.emplace_back(name, value);
  };
  add("model_name", origin.model_name);
  add("model_sha256", origin.model_sha256);
  if (!origin.prompts.empty()) add("prompt", describe_prompts(origin.prompts, classes));
  add("scores_tool", origin.tool);
  add("scores_command", origin.command);
  add("scores_created", origin.created);
  return rows;
}

std::vector<std::pair<std::string, double>> best_thresholds(std::span<const ClassFScore> per_class,
                                                            std::span<const std::string> classes) {
  std::vector<std::pair<std::string, double>> thresholds;
  for (std::size_t c = 0; c < classes.size(); ++c)
    thresholds.emplace_back(classes[c], std::clamp(per_class[c].threshold, -1.0, 1.0));
  return thresholds;
}

void count_missing(Evaluation& evaluation) {
  evaluation.values.push_back({kMissing, "", static_cast<double>(evaluation.missing.size())});
}

std::vector<std::string> with_missing(std::vector<std::string> names) {
  names.emplace_back(kMissing);
  return names;
}

}  // namespace claptools
