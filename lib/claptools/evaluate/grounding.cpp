#include "claptools/evaluate/grounding.hpp"

#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/metrics/grounding.hpp"
#include "claptools/store/scores/frame_score_file.hpp"

namespace claptools {

Evaluation evaluate(const GroundingTask& task) {
  FrameScoreReader reader(task.scores);
  if (reader.classes().size() > 1) {
    throw Error(Fault::data, task.scores,
                "has " + std::to_string(reader.classes().size()) +
                    " classes, but a grounding item is one phrase");
  }
  ClipMatcher items(reader.ids(), match_options(task.options, reader.failed()));
  const GroundTruth truth = match_grounding(
      read_table_file(task.truth), task.truth,
      parse_durations(read_table_file(task.durations), task.durations, "audio_id"), task.durations,
      items, task.merge_overlapping ? MeetingEvents::merge : MeetingEvents::refuse_but_touch);
  return about(task.scores, [&] {
    GroundingScorer scorer(truth, {task.median_window, task.max_gap_s, task.options.resamples > 0});
    for (std::size_t i = 0; i < truth.clips.size(); ++i) {
      const std::size_t item = truth.clips[i];
      const auto times = reader.boundaries(item);
      reader.is_exact()
          ? scorer.add(i, std::span<const double>(reader.exact_scores(item).data), times)
          : scorer.add(i, std::span<const float>(reader.scores(item).data), times);
    }
    const GroundingScores scores = scorer.scores();
    Evaluation evaluation{
        to_metrics(scores), origin_rows(reader.origin(), reader.classes()), {}, items.missing()};
    add_intervals(
        evaluation, some_of(reader.ids(), truth.clips),
        [&](auto some) { return to_metrics(scorer.resample(some)); }, task.options);
    for (const auto& [name, roc] : scores.psds) {
      if (!task.options.with_plots || !roc) continue;
      const bool is_first = name == "psds_2021";  // the one that papers report
      evaluation.plots.insert(is_first ? evaluation.plots.begin() : evaluation.plots.end(),
                              plot_psd_roc(name, *roc, 0, {"phrases"}));
    }
    count_missing(evaluation);
    return evaluation;
  });
}

std::vector<std::string> metric_names(const GroundingTask& /*task*/) {
  return with_missing(grounding_metrics());
}

}  // namespace claptools
