#include "claptools/evaluate/detection.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/metric_names.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/formats/read_events.hpp"
#include "claptools/metrics/sed/detection_resample.hpp"
#include "claptools/metrics/sed/detection_scores.hpp"
#include "claptools/store/scores/frame_score_file.hpp"
#include "claptools/tasks/thresholds.hpp"

namespace claptools {
namespace {

GroundTruth read_truth(const DetectionTask& task, const FrameScoreReader& reader,
                       ClipMatcher& clips) {
  GroundTruthOptions how;
  if (task.merge_overlapping) how.meeting = MeetingEvents::merge;
  how.drop_clips_without_truth = task.drop_clips_without_truth;
  how.drop_clips_without_events = task.drop_clips_without_events;
  how.drop_classes_without_events = task.drop_classes_without_events;
  return match_ground_truth(read_events(task.truth), task.truth,
                            parse_durations(read_table_file(task.durations), task.durations),
                            task.durations, clips, reader.classes(), how);
}

DetectionFrames read_frames(FrameScoreReader& reader, const GroundTruth& truth,
                            const DetectionTask& task) {
  DetectionFrames frames(truth.classes, task.median_window);
  for (const std::size_t clip : truth.clips) {
    const auto times = reader.boundaries(clip);
    reader.is_exact() ? frames.append(reader.exact_scores(clip), times, reader.ids()[clip])
                      : frames.append(reader.scores(clip), times, reader.ids()[clip]);
  }
  frames.rank();
  return frames;
}

/// The parameters of each class evaluated. @param names of all classes scored.
std::vector<CsebbsParameters> box_parameters(const BoxOptions& boxes,
                                             std::span<const std::string> names,
                                             const DetectionFrames& frames,
                                             const GroundTruth& truth, std::size_t threads) {
  std::vector<CsebbsParameters> own;
  if (boxes.tuning) {
    for (const TunedCsebbs& tuned : tune_csebbs(frames, truth, *boxes.tuning, threads))
      own.push_back(tuned.parameters);
    return own;
  }
  std::vector<CsebbsParameters> all(names.size(), boxes.parameters);
  if (!boxes.file.empty()) {
    InputStream in(boxes.file);
    all = read_csebbs_parameters(in, in.subject(), names, boxes.parameters);
  }
  for (const std::size_t c : truth.classes) own.push_back(all[c]);
  return own;
}

/// The frames that are scored: filtered, or boxes.
DetectionFrames scored_frames(FrameScoreReader& reader, const GroundTruth& truth,
                              const DetectionTask& task, std::vector<ClassCsebbs>& boxes) {
  DetectionFrames frames = read_frames(reader, truth, task);
  if (!task.boxes) return frames;
  const auto own =
      box_parameters(*task.boxes, reader.classes(), frames, truth, task.options.threads);
  for (std::size_t c = 0; c < own.size(); ++c)
    boxes.emplace_back(reader.classes()[truth.classes[c]], own[c]);
  return box_frames(frames, truth, own);
}

/// Of the classes evaluated.
std::vector<double> thresholds_of(const DetectionTask& task, std::span<const std::string> classes,
                                  std::span<const std::size_t> evaluated) {
  if (task.thresholds.empty()) return {};
  InputStream in(task.thresholds);
  return some_of(read_thresholds(in, in.subject(), classes, task.f_threshold), evaluated);
}

void check(const DetectionTask& task) {
  metric_names(task);  // refuses a name that is taken
  if (task.boxes && task.median_window != 1)
    throw Error(Fault::usage, "`median_window`", "cannot go with `boxes`");
}

DetectionOptions detection_options(const DetectionTask& task) {
  DetectionOptions how;
  how.threshold = task.f_threshold;
  how.metrics = task.options.metrics;
  how.psds.insert(how.psds.end(), task.psds.begin(), task.psds.end());
  if (!task.options.with_plots) {
    std::erase_if(how.psds, [&](const auto& psds) { return !how.metrics.needs(psds.first); });
  }
  return how;
}

}  // namespace

Evaluation evaluate(const DetectionTask& task) {
  check(task);
  DetectionOptions how = detection_options(task);
  FrameScoreReader reader(task.scores);
  ClipMatcher clips(reader.ids(), match_options(task.options, reader.failed()));
  const GroundTruth truth = read_truth(task, reader, clips);
  const auto classes = some_of(reader.classes(), truth.classes);
  how.thresholds = thresholds_of(task, reader.classes(), truth.classes);
  return about(task.scores, [&] {
    std::vector<ClassCsebbs> boxes;
    const DetectionFrames frames = scored_frames(reader, truth, task, boxes);
    const DetectionScores scores = score_detection(frames, truth, how);
    Evaluation evaluation{to_metrics(scores, classes),
                          origin_rows(reader.origin(), reader.classes()),
                          {},
                          clips.missing()};
    if (task.boxes) evaluation.provenance.emplace_back("post", "csebbs");
    evaluation.boxes = std::move(boxes);
    const auto resampled = [&](std::span<const std::size_t> some) {
      const ResampledTruth drawn = resample(truth, some);
      DetectionOptions own = how;
      if (!how.thresholds.empty()) own.thresholds = some_of(how.thresholds, drawn.classes);
      return to_metrics(score_detection(frames.drawn(some, drawn.classes), drawn.truth, own),
                        some_of(classes, drawn.classes));
    };
    add_intervals(evaluation, some_of(reader.ids(), truth.clips), resampled, task.options);
    for (std::size_t i = 0; task.options.with_plots && i < scores.psds.size(); ++i) {
      const auto& [name, roc] = scores.psds[i];
      evaluation.plots.push_back(plot_psd_roc(name, roc, how.psds[i].second.alpha_st, classes));
    }
    for (const auto& [name, f_scores] : scores.f_scores)
      if (name == task.options.thresholds_of)
        evaluation.thresholds = best_thresholds(f_scores.per_class, classes);
    count_missing(evaluation);
    return evaluation;
  });
}

std::vector<std::string> metric_names(const DetectionTask& task) {
  std::vector<std::string> names;
  for (const NamedPsds& psds : default_psds()) names.push_back(psds.first);
  std::ranges::copy(detection_f_metrics(), std::back_inserter(names));
  std::ranges::copy(further_detection_metrics(), std::back_inserter(names));
  append_psds(task.psds, names);
  return with_missing(names);
}

}  // namespace claptools
