#include "cmd/eval/eval_tasks.hpp"

#include <algorithm>
#include <utility>

#include "claptools/metrics/bootstrap.hpp"

namespace claptools::cmd {
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

/// What stays the same in every resample.
bool is_count(const std::string& metric) {
  return metric.starts_with("n_") || metric.ends_with(".max_efpr");
}

}  // namespace

MatchOptions match_options(const EvalOptions& options, std::vector<std::string> failed) {
  return {options.names, options.tolerate_missing, std::move(failed), options.log};
}

Matrix rows_of(MatrixView all, std::span<const std::size_t> rows) {
  Matrix some(rows.size(), all.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(all.row(rows[i]), some.row(i).begin());
  }
  return some;
}

Provenance origin_of(const ScoreOrigin& origin, std::span<const std::string> classes) {
  Provenance provenance;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) provenance.emplace_back(name, value);
  };
  add("model_name", origin.model_name);
  add("model_sha256", origin.model_sha256);
  if (!origin.prompts.empty()) add("prompt", describe_prompts(origin.prompts, classes));
  add("scores_tool", origin.tool);
  add("scores_command", origin.command);
  add("scores_created", origin.created);
  return provenance;
}

void add_intervals(MetricValues& values, std::size_t clips,
                   const std::function<MetricValues(std::span<const std::size_t>)>& score,
                   const EvalOptions& options) {
  if (options.resamples == 0) return;
  const auto defined = [&](std::span<const std::size_t> drawn) -> MetricValues {
    try {
      MetricValues own = score(drawn);
      std::erase_if(own, [&](const MetricValue& v) {
        return is_count(v.metric) || !options.metrics.has(v.metric);
      });
      return own;
    } catch (const Error& error) {
      if (error.fault() == Fault::data) return {};
      throw;
    }
  };
  const auto intervals =
      bootstrap_intervals(clips, defined, {options.resamples, options.seed, 0.95, options.threads});
  for (const MetricInterval& interval : intervals) {
    values.push_back({interval.metric + ".ci_low", interval.class_name, interval.low});
    values.push_back({interval.metric + ".ci_high", interval.class_name, interval.high});
  }
}

}  // namespace claptools::cmd
