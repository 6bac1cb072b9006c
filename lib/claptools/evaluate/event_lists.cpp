#include "claptools/metrics/sed/event_lists.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/detection.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/metric_names.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/formats/read_events.hpp"
#include "claptools/metrics/sed/detection_resample.hpp"

namespace claptools {
namespace {

std::vector<PsdsVariant> wanted_psds(const EventListTask& task) {
  std::vector<PsdsVariant> variants = event_list_variants();
  for (const auto& [name, p] : task.psds) {
    const EventCriteria criteria{p.criteria.dtc, p.criteria.gtc, p.criteria.cttc.value_or(0.3)};
    variants.push_back({name, criteria, {p.alpha_ct, p.alpha_st, p.max_efpr}});
  }
  if (!task.options.with_plots) {
    std::erase_if(variants,
                  [&](const auto& variant) { return !task.options.metrics.needs(variant.name); });
  }
  return variants;
}

/// A truth without any event says nothing of the classes: those detected stand in.
std::vector<std::string> other_classes(const EventListTask& task, std::span<const EventRow> truth,
                                       std::span<const std::vector<EventRow>> detected) {
  const auto has_label = [](const EventRow& row) { return !row.label.empty(); };
  std::vector<std::string> classes = task.classes;
  if (!classes.empty() || std::ranges::any_of(truth, has_label)) return classes;
  for (const auto& rows : detected) {
    for (const EventRow& row : rows) {
      if (has_label(row)) classes.push_back(row.label);
    }
  }
  return classes;
}

/// A PSDS asked for that has no meaning is an error, unlike one that is always reported.
void require_defined(const EventListScores& scores, const EventListTask& task) {
  for (const NamedPsds& psds : task.psds) {
    const auto found = std::ranges::find(scores.psds, psds.first, &EventListPsds::name);
    if (found != scores.psds.end() && !found->roc) {
      throw Error(Fault::data, task.truth,
                  psds.first + " is not defined: there is no false positive up to any eFPR");
    }
  }
}

/// The files of all lists, for messages.
std::string subject_of(const std::vector<EventFile>& files) {
  return files.size() == 1 ? files[0].path : files[0].path + " and others";
}

/// The truth, and what was detected at each threshold.
struct Lists {
  EventListTruth truth;
  std::vector<EventList> detected;
  std::vector<std::string> silent;  ///< files that no list names
  bool names_all = false;           ///< lists name files without events, too: those read
};

/// Whether lists have lines with only a file name.
bool name_silent_files(const std::vector<std::vector<EventRow>>& lists) {
  return std::ranges::any_of(lists, [](const std::vector<EventRow>& list) {
    return std::ranges::any_of(list, [](const EventRow& row) { return row.label.empty(); });
  });
}

Lists read_lists(const EventListTask& task) {
  const auto meeting =
      task.merge_overlapping ? MeetingEvents::merge : MeetingEvents::refuse_but_touch;
  const auto rows = read_events(task.truth);
  std::vector<std::vector<EventRow>> detected;
  detected.reserve(task.events.size());
  for (const EventFile& file : task.events) detected.push_back(read_events(file.path));
  Lists lists;
  lists.truth = match_event_truth(
      rows, task.truth, parse_durations(read_table_file(task.durations), task.durations),
      task.durations, meeting, other_classes(task, rows, detected), task.options.names);
  lists.silent =
      check_list_names(detected, subject_of(task.events), lists.truth, task.options.log).silent;
  lists.names_all = name_silent_files(detected);
  for (std::size_t i = 0; i < detected.size(); ++i) {
    const auto& [threshold, path] = task.events[i];
    lists.detected.push_back(match_event_list(detected[i], path, threshold, lists.truth, meeting));
  }
  return lists;
}

bool needs_f(const EventListTask& task) {
  return std::ranges::any_of(event_list_f_metrics(), [&](const std::string& name) {
    return task.options.metrics.needs(name);
  });
}

}  // namespace

Evaluation evaluate(const EventListTask& task) {
  metric_names(task);  // refuses a name that is taken
  if (task.events.empty()) throw Error(Fault::usage, "events", "there is no list");
  const auto variants = wanted_psds(task);
  const bool with_f = needs_f(task);
  auto [truth, detected, silent, names_all] = read_lists(task);
  // Elsewhere they may just have no event.
  if (!task.options.tolerate_missing && !names_all) silent.clear();
  const EventListScores scores = score_event_lists(truth, detected, variants, with_f);
  require_defined(scores, task);
  Evaluation evaluation{to_metrics(scores), {}, {}, std::move(silent)};
  const auto resampled = [&, &truth = truth, &detected = detected](auto clips) {
    ResampledTruth drawn = resample(truth.truth, clips);
    std::vector<EventList> some;
    some.reserve(detected.size());
    for (const EventList& list : detected) some.push_back(resample(list, clips, drawn.classes));
    const EventListTruth own{{}, some_of(truth.classes, drawn.classes), std::move(drawn.truth), {}};
    return to_metrics(score_event_lists(own, some, variants, with_f));
  };
  add_intervals(evaluation, truth.files, resampled, task.options);
  for (std::size_t i = 0; task.options.with_plots && i < scores.psds.size(); ++i) {
    const auto& [name, roc] = scores.psds[i];
    if (!roc) continue;
    evaluation.plots.push_back(
        plot_psd_roc(name, *roc, variants[i].limits.alpha_st, scores.classes));
  }
  count_missing(evaluation);
  return evaluation;
}

std::vector<std::string> metric_names(const EventListTask& task) {
  std::vector<std::string> names;
  for (const PsdsVariant& variant : event_list_variants()) names.push_back(variant.name);
  std::ranges::copy(event_list_f_metrics(), std::back_inserter(names));
  append_psds(task.psds, names);
  return with_missing(names);
}

}  // namespace claptools
