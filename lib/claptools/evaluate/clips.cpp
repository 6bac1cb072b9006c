#include "claptools/evaluate/clips.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/metrics/mteb/label_metrics.hpp"
#include "claptools/metrics/score_codes.hpp"
#include "claptools/metrics/tagging.hpp"

namespace claptools {
namespace {

/// Keeps the rows that the truth names.
void drop_rows_without_truth(Scores& scores, const Table& table, std::size_t id_column,
                             std::string_view subject, NameMatching names) {
  std::vector<bool> is_named(scores.ids.size());
  const Lookup lookup(scores.ids, subject, kScoredClip, names);
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

struct ClipScores : Scores {
  bool are_codes = false;
};

/// Scores that float32 would round are codes of the same order: all that these metrics heed.
ClipScores read_clip_scores(const std::string& path) {
  ClipScores scores{read_scores(path)};
  if (!scores.offsets.empty()) {
    throw Error(Fault::data, path, "holds frame scores, not one row per clip");
  }
  scores.are_codes = !scores.exact.data.empty();
  if (scores.are_codes) scores.scores = to_codes(std::exchange(scores.exact, {}));
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
TaggingOptions tagging_options(const EvaluationOptions& options) {
  const std::string pooled = "micro_map";
  const auto names = tagging_metrics();
  const bool by_class = std::ranges::any_of(names, [&](const std::string& name) {
    return name != pooled && !name.starts_with("n_") && options.metrics.needs(name);
  });
  return {by_class || options.with_plots, options.metrics.needs(pooled) || options.with_plots,
          options.threads};
}

void put_scene_metric_first(MetricValues& values) {
  std::stable_partition(values.begin(), values.end(), [](const MetricValue& v) {
    return v.metric.starts_with("mean_class_accuracy");
  });
}

}  // namespace

Evaluation evaluate(const ClassificationTask& task) {
  ClipScores scores = read_clip_scores(task.scores);
  const Table table = read_table_file(task.truth);
  if (task.drop_clips_without_truth) {
    const auto clip_id = table.find("clip_id");
    drop_rows_without_truth(scores, table, clip_id ? *clip_id : table.require("id", task.truth),
                            task.scores, task.options.names);
  }
  ClipMatcher clips(scores.ids, match_options(task.options, scores.failed));
  const auto truth = match_labels(table, task.truth, clips, scores.classes);
  const auto score = [&](MatrixView rows, const ClassificationTruth& of_rows) {
    return to_metrics(score_classification(rows, of_rows, scores.classes));
  };
  return about(task.scores, [&] {
    Evaluation evaluation{
        score(scores.scores, truth), origin_rows(scores, scores.classes), {}, clips.missing()};
    add_intervals(
        evaluation, scores.ids,
        [&](auto some) { return score(rows_of(scores.scores, some), drawn(truth, some)); },
        task.options);
    if (task.options.mteb != MtebKind::none)
      evaluation.mteb = zero_shot_metrics(scores.scores, truth);
    if (task.scenes) put_scene_metric_first(evaluation.values);
    if (task.options.with_plots) {
      evaluation.plots.push_back(plot_confusion(scores.scores, truth, scores.classes));
    }
    count_missing(evaluation);
    return evaluation;
  });
}

Evaluation evaluate(const TaggingTask& task) {
  ClipScores scores = read_clip_scores(task.scores);
  const bool needs_scores =
      !task.options.thresholds_of.empty() || task.options.mteb != MtebKind::none;
  if (needs_scores && scores.are_codes)
    throw Error(Fault::data, task.scores, "holds float64 or integers: thresholds need float32");
  const Table table = read_table_file(task.truth);
  if (task.drop_clips_without_truth) {
    drop_rows_without_truth(scores, table, table.require("filename", task.truth), task.scores,
                            task.options.names);
  }
  ClipMatcher clips(scores.ids, match_options(task.options, scores.failed));
  const auto truth = match_tags(table, task.truth, clips, scores.classes, task.label_separator);
  return about(task.scores, [&] {
    const TaggingOptions how = tagging_options(task.options);
    const TaggingScores result = score_tagging(scores.scores, truth, how);
    Evaluation evaluation{to_metrics(result, scores.classes),
                          origin_rows(scores, scores.classes),
                          {},
                          clips.missing()};
    if (task.options.resamples > 0) {
      const TaggingResampler resample(scores.scores, truth, how);
      add_intervals(
          evaluation, scores.ids,
          [&](auto some) { return to_metrics(resample(some), scores.classes); }, task.options);
    }
    if (task.options.mteb != MtebKind::none)
      evaluation.mteb = multilabel_metrics(scores.scores, truth, task.options.mteb_threshold);
    if (!task.options.thresholds_of.empty())
      evaluation.thresholds =
          best_thresholds(best_tag_f_scores(scores.scores, truth), scores.classes);
    if (task.options.with_plots) {
      evaluation.plots.push_back(
          plot_precision_recall(scores.scores, truth, result, scores.classes));
    }
    count_missing(evaluation);
    return evaluation;
  });
}

std::vector<std::string> metric_names(const ClassificationTask& /*task*/) {
  return with_missing(classification_metrics());
}

std::vector<std::string> metric_names(const TaggingTask& /*task*/) {
  return with_missing(tagging_metrics());
}

}  // namespace claptools
