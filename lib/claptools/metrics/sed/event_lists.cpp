#include "claptools/metrics/sed/event_lists.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numeric>
#include <set>
#include <unordered_map>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr EventCriteria kHalf{0.5, 0.5, 0.3};
constexpr const char* kF = "f_score";
constexpr const char* kFOfFound = "f_score_dtc05";

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> indices(count);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

std::vector<std::string> sorted_labels(std::span<const EventRow> rows,
                                       std::span<const std::string> others) {
  std::set<std::string> labels(others.begin(), others.end());
  for (const EventRow& row : rows) {
    if (!row.label.empty()) labels.insert(row.label);
  }
  return {labels.begin(), labels.end()};
}

constexpr NameKind kFile{"file", "files", "those with a duration", true};
constexpr NameKind kLabel{"label", "labels", "those evaluated", false};

Lookup files_of(const EventListTruth& truth) {
  return Lookup(truth.files, "durations", kFile, truth.names);
}
Lookup labels_of(const EventListTruth& truth) { return Lookup(truth.classes, "labels", kLabel); }

/// Without repeated rows: tables that follow the events list a file once for each.
std::vector<std::pair<std::string, double>> distinct_durations(
    std::span<const std::pair<std::string, double>> durations, std::string_view subject) {
  std::unordered_map<std::string_view, double> known;
  std::vector<std::pair<std::string, double>> distinct;
  for (const auto& [file, seconds] : durations) {
    const auto [at, is_new] = known.emplace(file, seconds);
    if (at->second != seconds)
      throw Error(Fault::data, subject, "'" + file + "' has two durations");
    if (is_new) distinct.emplace_back(file, seconds);
  }
  return distinct;
}

std::vector<EventCounts> count_event_lists(const GroundTruth& truth,
                                           std::span<const EventList> lists,
                                           const EventCriteria& criteria) {
  std::vector<EventCounts> counts;
  for (const EventList& list : lists) counts.push_back(count_event_list(truth, list, criteria));
  return counts;
}

/// Three decimals, or as many as it takes to tell it from others; whatever the locale.
std::string threshold_name(double threshold) {
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.begin(), text.end(), threshold, std::chars_format::fixed, 3);
  if (parse<double>({text.begin(), end.ptr}) == threshold) return {text.begin(), end.ptr};
  return {text.begin(), std::to_chars(text.begin(), text.end(), threshold).ptr};
}

void append_f(const EventListF& f, std::span<const std::string> classes, MetricValues& values) {
  const std::string at = "." + threshold_name(f.threshold);
  values.push_back({kF + at + ".macro", "", f.macro});
  values.push_back({kFOfFound + at + ".macro", "", f.macro_of_found});
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const double value = f.per_class[c];
    values.push_back({kF + at, classes[c], value});
    values.push_back({kFOfFound + at, classes[c], value > 0 ? value : kNaN});
  }
}

}  // namespace

EventListTruth match_event_truth(std::span<const EventRow> rows, std::string_view subject,
                                 std::span<const std::pair<std::string, double>> durations,
                                 std::string_view durations_subject, MeetingEvents meeting,
                                 std::span<const std::string> classes, NameMatching names) {
  EventListTruth matched;
  matched.names = names;
  for (const auto& [file, seconds] : distinct_durations(durations, durations_subject)) {
    matched.files.push_back(file);
    matched.truth.durations_s.push_back(seconds);
  }
  matched.classes = sorted_labels(rows, classes);
  if (matched.classes.empty()) throw Error(Fault::data, subject, "no event");
  matched.truth.clips = all_of(matched.files.size());
  matched.truth.classes = all_of(matched.classes.size());
  const Lookup files(matched.files, durations_subject, kFile, names);
  const Lookup labels = labels_of(matched);
  NameTally tally;
  std::vector<TruthEvent> events;
  for (const EventRow& row : rows) {
    const auto file = files.find_file(row.filename);
    tally.add(row.filename, file.has_value());
    if (!file || row.label.empty()) continue;
    if (row.onset_s == row.offset_s) {
      throw Error(Fault::data, subject, "'" + row.filename + "' has an event of no length");
    }
    events.push_back({*file, *labels.find(row.label), row.onset_s, row.offset_s});
  }
  if (!tally.absent().empty()) {
    throw Error(Fault::data, subject, files.describe(tally.absent(), tally.all()));
  }
  matched.truth.events =
      separate_events(std::move(events), meeting, subject, matched.files, matched.classes);
  return matched;
}

EventListNames check_list_names(std::span<const std::vector<EventRow>> lists,
                                std::string_view subject, const EventListTruth& truth,
                                const Log& log) {
  const Lookup files = files_of(truth), labels = labels_of(truth);
  EventListNames names;
  std::vector<bool> is_named(truth.files.size());
  for (const auto& rows : lists) {
    for (const EventRow& row : rows) {
      const auto file = files.find_file(row.filename);
      names.files.add(row.filename, file.has_value());
      if (file) is_named[*file] = true;
      if (!row.label.empty()) names.labels.add(row.label, labels.find(row.label).has_value());
    }
  }
  for (std::size_t i = 0; i < is_named.size(); ++i) {
    if (!is_named[i]) names.silent.push_back(truth.files[i]);
  }
  warn_or_refuse(names.files, files, subject, log);
  warn_or_refuse(names.labels, labels, subject, log, "; to evaluate others, too, use `classes`");
  return names;
}

EventList match_event_list(std::span<const EventRow> rows, std::string_view subject,
                           double threshold, const EventListTruth& truth, MeetingEvents meeting) {
  const Lookup files = files_of(truth), labels = labels_of(truth);
  std::vector<TruthEvent> events;
  for (const EventRow& row : rows) {
    const auto file = files.find_file(row.filename);
    const auto label = labels.find(row.label);
    if (!file || !label || row.onset_s == row.offset_s) continue;
    events.push_back({*file, *label, row.onset_s, row.offset_s});
  }
  return {threshold,
          separate_events(std::move(events), meeting, subject, truth.files, truth.classes)};
}

EventCounts count_event_list(const GroundTruth& truth, const EventList& list,
                             const EventCriteria& criteria) {
  EventCounts counts(truth.classes.size());
  const std::span<const TruthEvent> events(list.events);
  for (std::size_t first = 0; first < events.size();) {
    const std::size_t clip = events[first].clip;
    std::size_t end = first;
    while (end < events.size() && events[end].clip == clip) ++end;
    count_clip(truth.of_clip(clip), events.subspan(first, end - first), truth.durations_s[clip],
               criteria, counts);
    first = end;
  }
  return counts;
}

EventListF event_list_f(const EventCounts& counts, const EventTotals& totals, double threshold) {
  EventListF f{threshold, {}, 0, kNaN};
  double sum = 0;
  std::size_t found = 0;
  for (std::size_t c = 0; c < counts.classes; ++c) {
    const auto hits = static_cast<double>(counts.at(c, c));
    const auto alarms = static_cast<double>(counts.false_positives(c));
    const double all = hits + alarms + static_cast<double>(totals.events[c]);  // misses + hits
    f.per_class.push_back(hits > 0 ? 2 * hits / all : 0);
    sum += f.per_class.back();
    found += hits > 0 ? 1 : 0;
  }
  f.macro = sum / static_cast<double>(counts.classes);
  if (found > 0) f.macro_of_found = sum / static_cast<double>(found);
  return f;
}

std::vector<PsdsVariant> event_list_variants() {
  return {{"psds1", {0.7, 0.7, 0.3}, {0, 1, 100}},
          {"psds2", {0.1, 0.1, 0.3}, {0.5, 1, 100}},
          {"dtc05_ct0_st0", kHalf, {0, 0, 100}},
          {"dtc05_ct1_st0", kHalf, {1, 0, 100}},
          {"dtc05_ct0_st0_no_max", kHalf, {0, 0, std::nullopt}}};
}

EventListScores score_event_lists(const EventListTruth& truth, std::span<const EventList> lists,
                                  std::span<const PsdsVariant> variants, bool with_f) {
  const EventTotals totals(truth.truth);
  EventListScores scores;
  scores.classes = truth.classes;
  for (const PsdsVariant& variant : variants) {
    const auto counts = count_event_lists(truth.truth, lists, variant.criteria);
    scores.psds.push_back({variant.name, event_psds(counts, totals, variant.limits)});
  }
  if (!with_f) return scores;
  const auto counts = count_event_lists(truth.truth, lists, kHalf);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    scores.f.push_back(event_list_f(counts[i], totals, lists[i].threshold));
  }
  return scores;
}

std::vector<std::string> event_list_f_metrics() { return {kF, kFOfFound}; }

MetricValues to_metrics(const EventListScores& scores) {
  MetricValues values;
  for (const EventListPsds& psds : scores.psds) {
    values.push_back({psds.name, "", psds.roc ? psds.roc->psds : kNaN});
    values.push_back({psds.name + ".max_efpr", "", psds.roc ? psds.roc->max_efpr : 0});
    for (std::size_t c = 0; psds.roc && c < scores.classes.size(); ++c) {
      values.push_back({psds.name, scores.classes[c], psds.roc->per_class[c]});
    }
  }
  for (const EventListF& f : scores.f) append_f(f, scores.classes, values);
  return values;
}

}  // namespace claptools
