// Sound event detection, from frame scores or from lists of events, and grounding.
#include <algorithm>

#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/grounding.hpp"
#include "claptools/metrics/sed/detection_resample.hpp"
#include "claptools/metrics/sed/detection_scores.hpp"
#include "claptools/store/scores/frame_score_file.hpp"
#include "cmd/eval/eval_figures.hpp"
#include "cmd/eval/eval_tasks.hpp"

namespace claptools::cmd {
namespace {

using Durations = std::vector<std::pair<std::string, double>>;

std::vector<EventRow> read_event_rows(const std::string& path) {
  return parse_event_rows(read_table_file(path), path);
}

Durations read_durations(const EvalOptions& options, const char* id_column) {
  return parse_durations(read_table_file(options.durations), options.durations, id_column);
}

GroundTruth read_truth(const EvalOptions& options, const FrameScoreReader& reader,
                       ClipMatcher& clips) {
  GroundTruthOptions how;
  if (options.merge_overlapping) how.meeting = MeetingEvents::merge;
  how.drop_clips_without_truth = options.drop_clips_without_truth;
  how.drop_clips_without_events = options.drop_clips_without_events;
  how.drop_classes_without_events = options.drop_classes_without_events;
  return match_ground_truth(read_event_rows(options.truth), options.truth,
                            read_durations(options, "filename"), options.durations, clips,
                            reader.classes(), how);
}

DetectionFrames read_frames(FrameScoreReader& reader, const GroundTruth& truth,
                            const EvalOptions& options) {
  DetectionFrames frames(truth.classes, options.median.value_or(1));
  for (const std::size_t clip : truth.clips) {
    const auto times = reader.boundaries(clip);
    reader.is_exact() ? frames.append(reader.exact_scores(clip), times, reader.ids()[clip])
                      : frames.append(reader.scores(clip), times, reader.ids()[clip]);
  }
  frames.rank();
  return frames;
}

std::vector<std::string> some_of(std::span<const std::string> names,
                                 std::span<const std::size_t> positions) {
  std::vector<std::string> some;
  some.reserve(positions.size());
  for (const std::size_t i : positions) some.push_back(names[i]);
  return some;
}

Evaluation detection_by_scores(const EvalOptions& options) {
  DetectionOptions how;
  how.threshold = options.f_threshold;
  how.metrics = options.metrics;
  for (NamedPsds& psds : parse_psds(options)) how.psds.push_back(psds);
  if (!options.wants_plots) {
    std::erase_if(how.psds, [&](const auto& psds) { return !options.metrics.needs(psds.first); });
  }
  FrameScoreReader reader(options.scores);
  ClipMatcher clips(reader.ids(), match_options(options, reader.failed()));
  const GroundTruth truth = read_truth(options, reader, clips);
  const auto classes = some_of(reader.classes(), truth.classes);
  return about(options.scores, [&] {
    const DetectionFrames frames = read_frames(reader, truth, options);
    const DetectionScores scores = score_detection(frames, truth, how);
    Evaluation evaluation{to_metrics(scores, classes),
                          origin_of(reader.origin(), reader.classes()),
                          {},
                          clips.missing()};
    const auto resampled = [&](std::span<const std::size_t> some) {
      const ResampledTruth drawn = resample(truth, some);
      return to_metrics(score_detection(frames.drawn(some, drawn.classes), drawn.truth, how),
                        some_of(classes, drawn.classes));
    };
    add_intervals(evaluation.values, truth.clips.size(), resampled, options);
    for (std::size_t i = 0; options.wants_plots && i < scores.psds.size(); ++i) {
      const auto& [name, roc] = scores.psds[i];
      evaluation.plots.push_back(plot_psd_roc(name, roc, how.psds[i].second.alpha_st, classes));
    }
    return evaluation;
  });
}

std::vector<PsdsVariant> wanted_psds(const EvalOptions& options) {
  std::vector<PsdsVariant> variants = event_list_variants();
  for (const auto& [name, p] : parse_psds(options)) {
    const EventCriteria criteria{p.criteria.dtc, p.criteria.gtc, p.criteria.cttc.value_or(0.3)};
    variants.push_back({name, criteria, {p.alpha_ct, p.alpha_st, p.max_efpr}});
  }
  if (!options.wants_plots) {
    std::erase_if(variants,
                  [&](const auto& variant) { return !options.metrics.needs(variant.name); });
  }
  return variants;
}

/// A truth without any event says nothing of the classes: those detected stand in.
std::vector<std::string> other_classes(const EvalOptions& options, std::span<const EventRow> truth,
                                       std::span<const std::vector<EventRow>> detected) {
  const auto has_label = [](const EventRow& row) { return !row.label.empty(); };
  std::vector<std::string> classes = options.classes;
  if (!classes.empty() || std::ranges::any_of(truth, has_label)) return classes;
  for (const auto& rows : detected) {
    for (const EventRow& row : rows) {
      if (has_label(row)) classes.push_back(row.label);
    }
  }
  return classes;
}

/// A PSDS asked for that has no meaning is an error, unlike one that is always reported.
void require_defined(const EventListScores& scores, const EvalOptions& options) {
  for (const NamedPsds& psds : parse_psds(options)) {
    const auto found = std::ranges::find(scores.psds, psds.first, &EventListPsds::name);
    if (found != scores.psds.end() && !found->roc) {
      throw Error(Fault::data, options.truth,
                  psds.first + " is not defined: there is no false positive up to any eFPR");
    }
  }
}

/// The files of all lists, for messages.
std::string subject_of(const std::vector<EventFile>& files) {
  return files.size() == 1 ? files[0].path : files[0].path + " and others";
}

Evaluation detection_by_lists(const EvalOptions& options) {
  const auto variants = wanted_psds(options);
  const bool with_f = options.metrics.needs("f_score") || options.metrics.needs("f_score_dtc05");
  const auto files = parse_event_files(options);
  const auto meeting =
      options.merge_overlapping ? MeetingEvents::merge : MeetingEvents::refuse_but_touch;
  const auto rows = read_event_rows(options.truth);
  std::vector<std::vector<EventRow>> detected;
  detected.reserve(files.size());
  for (const EventFile& file : files) detected.push_back(read_event_rows(file.path));
  const EventListTruth truth =
      match_event_truth(rows, options.truth, read_durations(options, "filename"), options.durations,
                        meeting, other_classes(options, rows, detected), options.names);
  EventListNames names = check_list_names(detected, subject_of(files), truth, options.log);
  if (!options.tolerate_missing) names.silent.clear();  // they may just have no event
  std::vector<EventList> lists;
  lists.reserve(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    lists.push_back(
        match_event_list(detected[i], files[i].path, files[i].threshold, truth, meeting));
  }
  const EventListScores scores = score_event_lists(truth, lists, variants, with_f);
  require_defined(scores, options);
  Evaluation evaluation{to_metrics(scores), {}, {}, std::move(names.silent)};
  const auto resampled = [&](std::span<const std::size_t> clips) {
    ResampledTruth drawn = resample(truth.truth, clips);
    std::vector<EventList> some;
    some.reserve(lists.size());
    for (const EventList& list : lists) some.push_back(resample(list, clips, drawn.classes));
    const EventListTruth own{{}, some_of(truth.classes, drawn.classes), std::move(drawn.truth), {}};
    return to_metrics(score_event_lists(own, some, variants, with_f));
  };
  add_intervals(evaluation.values, truth.files.size(), resampled, options);
  for (std::size_t i = 0; options.wants_plots && i < scores.psds.size(); ++i) {
    const auto& [name, roc] = scores.psds[i];
    if (!roc) continue;
    evaluation.plots.push_back(
        plot_psd_roc(name, *roc, variants[i].limits.alpha_st, scores.classes));
  }
  return evaluation;
}

}  // namespace

Evaluation evaluate_detection(const EvalOptions& options) {
  if (options.scores.empty() && options.events.empty()) {
    throw Error(Fault::usage, "detection", "give --scores or --events");
  }
  return options.events.empty() ? detection_by_scores(options) : detection_by_lists(options);
}

Evaluation evaluate_grounding(const EvalOptions& options) {
  FrameScoreReader reader(options.scores);
  if (reader.classes().size() > 1) {
    throw Error(Fault::data, options.scores,
                "has " + std::to_string(reader.classes().size()) +
                    " classes, but a grounding item is one phrase");
  }
  ClipMatcher items(reader.ids(), match_options(options, reader.failed()));
  const GroundTruth truth = match_grounding(
      read_table_file(options.truth), options.truth, read_durations(options, "audio_id"),
      options.durations, items,
      options.merge_overlapping ? MeetingEvents::merge : MeetingEvents::refuse_but_touch);
  return about(options.scores, [&] {
    GroundingScorer scorer(truth,
                           {options.median.value_or(3), options.max_gap_s, options.resamples > 0});
    for (std::size_t i = 0; i < truth.clips.size(); ++i) {
      const std::size_t item = truth.clips[i];
      const auto times = reader.boundaries(item);
      reader.is_exact()
          ? scorer.add(i, std::span<const double>(reader.exact_scores(item).data), times)
          : scorer.add(i, std::span<const float>(reader.scores(item).data), times);
    }
    const GroundingScores scores = scorer.scores();
    Evaluation evaluation{
        to_metrics(scores), origin_of(reader.origin(), reader.classes()), {}, items.missing()};
    add_intervals(
        evaluation.values, truth.clips.size(),
        [&](auto some) { return to_metrics(scorer.resample(some)); }, options);
    for (const auto& [name, roc] : scores.psds) {
      if (!options.wants_plots || !roc) continue;
      const bool is_first = name == "psds_2021";  // the one that papers report
      evaluation.plots.insert(is_first ? evaluation.plots.begin() : evaluation.plots.end(),
                              plot_psd_roc(name, *roc, 0, {"phrases"}));
    }
    return evaluation;
  });
}

}  // namespace claptools::cmd
