// Classification, scenes and tagging: one row of scores a clip.
#include <algorithm>
#include <utility>

#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/metrics/score_codes.hpp"
#include "cmd/eval/eval_figures.hpp"
#include "cmd/eval/eval_tasks.hpp"

namespace claptools::cmd {
namespace {

/// Keeps the rows that the truth names.
void drop_rows_without_truth(Scores& scores, const Table& table, std::size_t id_column,
                             const EvalOptions& options) {
  std::vector<bool> is_named(scores.ids.size());
  const Lookup lookup(scores.ids, options.scores, kScoredClip, options.names);
  for (const auto& row : table.rows) {
    if (const auto clip = lookup.find_file(row[id_column])) is_named[*clip] = true;
  }
  std::vector<std::size_t> kept;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < scores.ids.size(); ++i) {
    if (!is_named[i]) continue;
    kept.push_back(i);
    ids.push_back(scores.ids[i]);
  }
  if (kept.empty()) return;  // matching tells why
  scores.scores = rows_of(scores.scores, kept);
  scores.ids = std::move(ids);
}

/// Scores that float32 would round are codes of the same order: all that these metrics heed.
Scores read_clip_scores(const EvalOptions& options) {
  Scores scores = read_scores(options.scores);
  if (!scores.offsets.empty()) {
    throw Error(Fault::data, options.scores, "holds frame scores, not one row per clip");
  }
  if (!scores.exact.data.empty()) scores.scores = to_codes(std::exchange(scores.exact, {}));
  return scores;
}

ClassificationTruth drawn(const ClassificationTruth& truth, std::span<const std::size_t> clips) {
  ClassificationTruth some;
  for (const std::size_t clip : clips) {
    some.classes.push_back(truth.classes[clip]);
    if (!truth.folds.empty()) some.folds.push_back(truth.folds[clip]);
  }
  return some;
}

/// The one that takes a sort of all pairs, and the others.
TaggingOptions tagging_options(const EvalOptions& options) {
  const std::string pooled = "micro_map";
  const auto names = tagging_metrics();
  const bool by_class = std::ranges::any_of(names, [&](const std::string& name) {
    return name != pooled && !name.starts_with("n_") && options.metrics.needs(name);
  });
  return {by_class || options.wants_plots, options.metrics.needs(pooled) || options.wants_plots,
          options.threads};
}

}  // namespace

Evaluation evaluate_classification(const EvalOptions& options) {
  Scores scores = read_clip_scores(options);
  const Table table = read_table_file(options.truth);
  if (options.drop_clips_without_truth) {
    const auto clip_id = table.find("clip_id");
    drop_rows_without_truth(scores, table, clip_id ? *clip_id : table.require("id", options.truth),
                            options);
  }
  ClipMatcher clips(scores.ids, match_options(options, scores.failed));
  const auto truth = match_labels(table, options.truth, clips, scores.classes);
  const auto score = [&](MatrixView rows, const ClassificationTruth& of_rows) {
    return to_metrics(score_classification(rows, of_rows, scores.classes));
  };
  return about(options.scores, [&] {
    Evaluation evaluation{
        score(scores.scores, truth), origin_of(scores, scores.classes), {}, clips.missing()};
    add_intervals(
        evaluation.values, scores.ids.size(),
        [&](auto some) { return score(rows_of(scores.scores, some), drawn(truth, some)); },
        options);
    if (options.wants_plots) {
      evaluation.plots.push_back(plot_confusion(scores.scores, truth, scores.classes));
    }
    return evaluation;
  });
}

Evaluation evaluate_scenes(const EvalOptions& options) {
  Evaluation evaluation = evaluate_classification(options);
  std::stable_partition(
      evaluation.values.begin(), evaluation.values.end(),
      [](const MetricValue& v) { return v.metric.starts_with("mean_class_accuracy"); });
  return evaluation;
}

Evaluation evaluate_tagging(const EvalOptions& options) {
  Scores scores = read_clip_scores(options);
  const Table table = read_table_file(options.truth);
  if (options.drop_clips_without_truth) {
    drop_rows_without_truth(scores, table, table.require("filename", options.truth), options);
  }
  ClipMatcher clips(scores.ids, match_options(options, scores.failed));
  const auto truth =
      match_tags(table, options.truth, clips, scores.classes, options.label_separator[0]);
  return about(options.scores, [&] {
    const TaggingOptions how = tagging_options(options);
    const TaggingScores result = score_tagging(scores.scores, truth, how);
    Evaluation evaluation{
        to_metrics(result, scores.classes), origin_of(scores, scores.classes), {}, clips.missing()};
    if (options.resamples > 0) {
      const TaggingResampler resample(scores.scores, truth, how);
      add_intervals(
          evaluation.values, scores.ids.size(),
          [&](auto some) { return to_metrics(resample(some), scores.classes); }, options);
    }
    if (options.wants_plots) {
      evaluation.plots.push_back(
          plot_precision_recall(scores.scores, truth, result, scores.classes));
    }
    return evaluation;
  });
}

}  // namespace claptools::cmd
