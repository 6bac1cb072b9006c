#include "claptools/metrics/grounding.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "claptools/core/error.hpp"
#include "claptools/metrics/metric_list.hpp"
#include "claptools/metrics/sed/detection_resample.hpp"
#include "claptools/tasks/postprocess.hpp"

namespace claptools {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kThresholds = 50;
constexpr double kHalf = 0.5;  // criteria of recall and precision

/// dtc = gtc, without cross-triggers; recall is taken from the one of kHalf.
constexpr std::array<EventCriteria, 3> kCriteria{{{0.7, 0.7, 0}, {0.1, 0.1, 0}, {kHalf, kHalf, 0}}};
constexpr std::size_t kHalfCriteria = 2;

struct Variant {
  const char* name;
  std::size_t criteria;
  std::optional<double> max_efpr;
};

constexpr std::array<Variant, 5> kVariants{{{"psds1", 0, 800},
                                            {"psds2", 1, 800},
                                            {"psds_2021", kHalfCriteria, 800},
                                            {"psds_05_no_max", kHalfCriteria, std::nullopt},
                                            {"psds_05_max100", kHalfCriteria, 100}}};

using Own = GroundingScores;
constexpr std::array<Total<Own>, 3> kTotals{{{"th_auc", member<Own, &Own::th_auc>},
                                             {"n_items_with_events", member<Own, &Own::items>},
                                             {"n_events", member<Own, &Own::events>}}};

/// As NumPy's arange makes them: thresholds are compared as float32, so the last bit may count.
double threshold_at(std::size_t i) {
  constexpr double kFirst = 0.01;
  constexpr double kStep = (kFirst + 0.02) - kFirst;
  return kFirst + static_cast<double>(i) * kStep;
}

double overlap(const TruthEvent& a, const TruthEvent& b) {
  return std::max(0.0, std::min(a.offset_s, b.offset_s) - std::max(a.onset_s, b.onset_s));
}

/// Share of an event that lies on others.
double covered(const TruthEvent& event, std::span<const TruthEvent> others) {
  double share = 0;
  for (const TruthEvent& other : others) {
    share += overlap(event, other) / (event.offset_s - event.onset_s);
  }
  return share;
}

/// Detections that lie by half or more on events that detections cover by half or more.
std::size_t count_precise(std::span<const TruthEvent> truth,
                          std::span<const TruthEvent> detections) {
  std::vector<TruthEvent> found;
  for (const TruthEvent& event : truth) {
    if (covered(event, detections) >= kHalf) found.push_back(event);
  }
  return static_cast<std::size_t>(std::ranges::count_if(
      detections, [&](const TruthEvent& detection) { return covered(detection, found) >= kHalf; }));
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double trapezoid_area(std::span<const GroundingPoint> points) {
  double area = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    area += (points[i].threshold - points[i - 1].threshold) * (points[i].f1 + points[i - 1].f1) / 2;
  }
  return area;
}

template <typename Real>
void check_item(std::size_t clip, std::span<const Real> cosines,
                std::span<const double> boundaries) {
  const std::string item = "item " + std::to_string(clip);
  if (cosines.empty() || boundaries.size() != cosines.size() + 1) {
    throw Error(Fault::data, "grounding scores",
                item + " has " + std::to_string(cosines.size()) + " frames and " +
                    std::to_string(boundaries.size()) + " boundaries");
  }
  if (!std::ranges::all_of(cosines, [](auto s) { return std::isfinite(s); })) {
    throw Error(Fault::data, "grounding scores", item + " is not finite");
  }
}

/// The duration of each item's audio, in the order of the items' first rows.
std::vector<std::pair<std::string, double>> item_durations(
    const Table& table, std::string_view subject,
    std::span<const std::pair<std::string, double>> durations, std::string_view durations_subject,
    NameMatching names) {
  const std::size_t item = table.require("filename", subject);
  const std::size_t audio = table.require("audio_id", subject);
  std::vector<std::string> audios;
  audios.reserve(durations.size());
  for (const auto& duration : durations) audios.push_back(duration.first);
  const Lookup lookup(audios, durations_subject, {"audio", "audios", "those with a duration", true},
                      names);
  std::unordered_map<std::string, std::string> audio_of;
  std::vector<std::pair<std::string, double>> matched;
  for (const auto& row : table.rows) {
    const auto [known, is_new] = audio_of.emplace(row[item], row[audio]);
    if (known->second != row[audio]) {
      throw Error(Fault::data, subject, "item '" + row[item] + "' has two audios");
    }
    if (!is_new) continue;
    const auto duration = lookup.find_file(row[audio]);
    if (!duration) {
      throw Error(Fault::data, durations_subject, lookup.describe({&row[audio], 1}, 1));
    }
    matched.emplace_back(row[item], durations[*duration].second);
  }
  return matched;
}

}  // namespace

GroundTruth match_grounding(const Table& table, std::string_view subject,
                            std::span<const std::pair<std::string, double>> durations,
                            std::string_view durations_subject, ClipMatcher& items,
                            MeetingEvents meeting) {
  const std::string label = "event";
  std::vector<EventRow> rows = parse_event_rows(table, subject);
  for (EventRow& row : rows) {
    const bool no_event = row.label.empty() || (row.onset_s == 0 && row.offset_s == 0);
    row.label = no_event ? "" : label;
  }
  GroundTruthOptions options;
  options.meeting = meeting;
  options.drop_clips_without_events = true;
  return match_ground_truth(
      rows, subject, item_durations(table, subject, durations, durations_subject, items.names()),
      durations_subject, items, {&label, 1}, options);
}

GroundingScorer::GroundingScorer(const GroundTruth& truth, const GroundingOptions& options)
    : truth_(truth), options_(options), total_(kThresholds) {
  if (options.keep_items) items_.resize(truth.clips.size());
}

GroundingScorer::Tally& GroundingScorer::Tally::operator+=(const Tally& other) {
  detections += other.detections;
  precise += other.precise;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    hits[i] += other.hits[i];
    false_positives[i] += other.false_positives[i];
  }
  return *this;
}

GroundingScorer::Tally GroundingScorer::tally(std::size_t clip,
                                              std::span<const TruthEvent> detections) const {
  const auto truth = truth_.of_clip(clip);
  Tally found;
  found.detections = static_cast<std::uint32_t>(detections.size());
  found.precise = static_cast<std::uint32_t>(count_precise(truth, detections));
  for (std::size_t i = 0; i < kCriteria.size(); ++i) {
    EventCounts counts(1);
    count_clip(truth, detections, truth_.durations_s[clip], kCriteria[i], counts);
    found.hits[i] = static_cast<std::uint32_t>(counts.at(0, 0));
    found.false_positives[i] = static_cast<std::uint32_t>(counts.false_positives(0));
  }
  return found;
}

void GroundingScorer::add(std::size_t clip, std::span<const float> cosines,
                          std::span<const double> boundaries) {
  add_item(clip, cosines, boundaries);
}

void GroundingScorer::add(std::size_t clip, std::span<const double> cosines,
                          std::span<const double> boundaries) {
  add_item(clip, cosines, boundaries);
}

template <typename Real>
void GroundingScorer::add_item(std::size_t clip, std::span<const Real> cosines,
                               std::span<const double> boundaries) {
  check_item(clip, cosines, boundaries);
  const double frame_s =
      (boundaries.back() - boundaries.front()) / static_cast<double>(cosines.size());
  const double gap =
      std::min(std::ceil(options_.join_gap_s / frame_s), static_cast<double>(cosines.size()));
  const std::vector<Real> probabilities = sigmoid(cosines);
  std::vector<TruthEvent> detections;
  for (std::size_t i = 0; i < kThresholds; ++i) {
    detections.clear();
    for (const FrameRun& run :
         grounding_events(std::span<const Real>(probabilities), threshold_at(i),
                          options_.median_window, static_cast<std::size_t>(gap))) {
      detections.push_back({clip, 0, boundaries[run.onset], boundaries[run.offset]});
    }
    const Tally found = tally(clip, detections);
    total_[i] += found;
    if (options_.keep_items) items_[clip].push_back(found);
  }
}

GroundingScores GroundingScorer::scores() const { return summarise(truth_, total_); }

GroundingScores GroundingScorer::resample(std::span<const std::size_t> clips) const {
  Tallies sum(kThresholds);
  for (const std::size_t clip : clips) {
    if (clip >= items_.size() || items_[clip].empty()) {
      throw Error(Fault::internal, "grounding scores", "the items were not kept");
    }
    for (std::size_t i = 0; i < kThresholds; ++i) sum[i] += items_[clip][i];
  }
  return summarise(claptools::resample(truth_, clips).truth, sum);
}

GroundingScores GroundingScorer::summarise(const GroundTruth& truth, const Tallies& tallies) {
  const EventTotals totals(truth);
  GroundingScores scores;
  scores.items = truth.clips.size();
  scores.events = truth.events.size();
  for (const Variant& variant : kVariants) {
    std::vector<EventCounts> counts(kThresholds, EventCounts(1));
    for (std::size_t i = 0; i < kThresholds; ++i) {
      counts[i].at(0, 0) = tallies[i].hits[variant.criteria];
      counts[i].at(0, 1) = tallies[i].false_positives[variant.criteria];
    }
    scores.psds.emplace_back(variant.name, event_psds(counts, totals, {0, 0, variant.max_efpr}));
  }
  for (std::size_t i = 0; i < kThresholds; ++i) {
    const Tally& found = tallies[i];
    GroundingPoint point{threshold_at(i), found.detections, share(found.precise, found.detections),
                         share(found.hits[kHalfCriteria], scores.events), 0};
    const double sum = point.precision + point.recall;
    if (sum > 0) point.f1 = 2 * point.precision * point.recall / sum;
    scores.points.push_back(point);
  }
  scores.th_auc = trapezoid_area(scores.points);
  return scores;
}

std::vector<std::string> grounding_metrics() {
  std::vector<std::string> names;
  append_names(kVariants, names);
  append_names(kTotals, names);
  return names;
}

MetricValues to_metrics(const GroundingScores& scores) {
  MetricValues values;
  for (const auto& [name, roc] : scores.psds) values.push_back({name, "", roc ? roc->psds : kNaN});
  append_totals(kTotals, scores, values);
  return values;
}

}  // namespace claptools
