#include "claptools/metrics/sed/detection_scores.hpp"

#include <algorithm>
#include <array>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr const char* kEventBest = "event_f1_best";
constexpr const char* kEventBestRounded = "event_f1_best_decimals6";
constexpr const char* kEventBestOnset = "event_f1_onset_only_best";
constexpr const char* kEventAt = "event_f1_at";
constexpr const char* kSegmentBest = "segment_f1_best";
constexpr const char* kSegmentAt = "segment_f1_at";
constexpr const char* kIntersectionBest = "intersection_f1_best";
constexpr const char* kIntersectionAt = "intersection_f1_at";
constexpr const char* kSegmentErrors = "segment_error_rate_at";
constexpr const char* kCollarErrors = "collar_error_rate_at";

struct RankingMetric {
  const char* name;
  double SegmentRanking::*of;
};
constexpr std::array<RankingMetric, 4> kRankings{
    {{"mpauc", &SegmentRanking::partial_auroc},
     {"mpauc_mcclish", &SegmentRanking::corrected_auroc},
     {"segment_auroc", &SegmentRanking::auroc},
     {"segment_ap", &SegmentRanking::ap}}};

/// Searches the F-scores of what a counter counts, among the scores at which the counts of some
/// clip change. As sed_scores_eval has it, a change that another clip makes up for is one, too, and
/// so is, in a clip without events of the class, one that the next frame of the same score undoes.
template <typename Counter>
class FScoreCounter : public Counter {
 public:
  template <typename Criteria>
  FScoreCounter(const GroundTruth& truth, std::size_t c, const Criteria& criteria, double threshold)
      : Counter(truth, c, criteria), search_(Counter::events(), threshold) {}

  void add(const DetectedRun& run) override {
    Counter::add(run);
    if (!Counter::has_events(run.clip)) watch();
  }

  void settle(std::size_t clip, const DetectionSweep& sweep) override {
    Counter::settle(clip, sweep);
    watch();
  }

  void reach(double score) override {
    if (is_changed_) search_.add(score, Counter::counts());
    is_changed_ = false;
  }

  const FScoreSearch& search() const { return search_; }

 private:
  void watch() {
    if (Counter::counts() == last_) return;
    last_ = Counter::counts();
    is_changed_ = true;
  }

  FScoreSearch search_;
  DetectionCounts last_;
  bool is_changed_ = false;
};

using NamedFScores = std::vector<std::pair<std::string, std::vector<ClassFScore>>>;

/// Those of a name, which may be new.
std::vector<ClassFScore>& of_name(NamedFScores& scores, const std::string& name) {
  auto found = std::ranges::find(scores, name, [](const auto& entry) { return entry.first; });
  if (found == scores.end()) found = scores.insert(found, {name, {}});
  return found->second;
}

/// Class after class of what belongs together.
class Collector {
 public:
  Collector(const DetectionFrames& frames, const GroundTruth& truth,
            const DetectionOptions& options)
      : frames_(frames), truth_(truth), options_(options), psds_(options.psds, options.metrics) {}

  void add_class(std::size_t c);
  DetectionScores scores() &&;

 private:
  void add_segments(std::size_t c);
  void add(const std::string& name, const ClassFScore& score);
  bool wants(const std::string& metric) const { return options_.metrics.needs(metric); }
  bool wants_ranking() const;

  const DetectionFrames& frames_;
  const GroundTruth& truth_;
  const DetectionOptions& options_;
  PsdsCollector psds_;
  NamedFScores f_scores_;
  std::vector<ClassFScore> collar_errors_, segment_errors_;
  SubstitutionCounter substitutions_;
  std::vector<std::size_t> segments_;
  std::vector<SegmentRanking> rankings_;
};

void Collector::add_class(std::size_t c) {
  EventCollars rounded = options_.collars;
  rounded.round_to_6_decimals = true;
  EventCollars onset_only = rounded;
  onset_only.ignore_offset = true;
  const double threshold = options_.threshold_of(c);
  FScoreCounter<EventCounter> event(truth_, c, options_.collars, threshold);
  FScoreCounter<EventCounter> event_rounded(truth_, c, rounded, threshold);
  FScoreCounter<EventCounter> event_onset(truth_, c, onset_only, threshold);
  FScoreCounter<IntersectionCounter> intersection(truth_, c, options_.intersection, threshold);
  std::vector<RunCounter*> counters = psds_.begin(truth_, c, threshold);
  const auto use = [&](RunCounter& counter, const auto&... metrics) {
    if ((wants(metrics) || ...)) counters.push_back(&counter);
  };
  use(event, kEventBest);
  use(event_rounded, kEventBestRounded, kEventAt, kCollarErrors);
  use(event_onset, kEventBestOnset);
  use(intersection, kIntersectionBest, kIntersectionAt);
  if (!counters.empty()) DetectionSweep(frames_, c).run(counters);
  psds_.end(frames_, truth_, c);
  add(kEventBest, event.search().best());
  add(kEventBestRounded, event_rounded.search().best());
  add(kEventBestOnset, event_onset.search().best());
  add(kEventAt, event_rounded.search().at_threshold());
  if (wants(kCollarErrors)) collar_errors_.push_back(event_rounded.search().at_threshold());
  add_segments(c);
  add(kIntersectionBest, intersection.search().best());
  add(kIntersectionAt, intersection.search().at_threshold());
}

void Collector::add_segments(std::size_t c) {
  const bool wants_f = wants(kSegmentBest) || wants(kSegmentAt);
  if (!wants_f && !wants(kSegmentErrors) && !wants_ranking()) return;
  const double threshold = options_.threshold_of(c);
  std::vector<ScoredSegment> segments = class_segments(frames_, truth_, c);
  if (wants(kSegmentErrors)) substitutions_.add(segments, frames_.codes(c), threshold);
  const std::vector<ScoredSegment> order = ranked(std::move(segments));
  const SegmentFScores f = segment_f_scores(order, frames_.codes(c), threshold);
  if (wants_f) segments_.push_back(f.segments);
  add(kSegmentBest, f.best);
  add(kSegmentAt, f.at_threshold);
  if (wants(kSegmentErrors)) segment_errors_.push_back(f.at_threshold);
  if (wants_ranking()) rankings_.push_back(rank_segments(order));
}

void Collector::add(const std::string& name, const ClassFScore& score) {
  if (wants(name)) of_name(f_scores_, name).push_back(score);
}

bool Collector::wants_ranking() const {
  return std::ranges::any_of(kRankings, [&](const auto& metric) { return wants(metric.name); });
}

DetectionScores Collector::scores() && {
  DetectionScores scores;
  scores.psds = psds_.psds();
  scores.derived_psds = psds_.derived();
  for (auto& [name, per_class] : f_scores_) {
    scores.f_scores.emplace_back(name, average_f_scores(std::move(per_class)));
  }
  scores.segments = std::move(segments_);
  scores.rankings = std::move(rankings_);
  if (wants(kSegmentErrors))
    scores.error_rates.emplace_back(kSegmentErrors,
                                    error_rates(segment_errors_, substitutions_.count()));
  if (wants(kCollarErrors))
    scores.error_rates.emplace_back(kCollarErrors, error_rates(collar_errors_, 0));
  return scores;
}

void append(const NamedPsdRocs& psds, std::span<const std::string> classes, MetricValues& values) {
  for (const auto& [name, roc] : psds) {
    values.push_back({name, "", roc.psds});
    for (std::size_t c = 0; c < classes.size(); ++c)
      values.push_back({name, classes[c], roc.per_class[c]});
  }
}

void append(const std::vector<SegmentRanking>& rankings, std::span<const std::string> classes,
            MetricValues& values) {
  for (const auto& [name, member] : kRankings) {
    std::vector<double> per_class;
    for (const SegmentRanking& ranking : rankings) per_class.push_back(ranking.*member);
    if (per_class.empty()) return;
    values.push_back({name, "", mean_of_defined(per_class)});
    for (std::size_t c = 0; c < classes.size(); ++c)
      values.push_back({name, classes[c], per_class[c]});
  }
}

}  // namespace

DetectionScores score_detection(const DetectionFrames& frames, const GroundTruth& truth,
                                const DetectionOptions& options) {
  if (frames.clips() != truth.clips.size() || frames.classes() != truth.classes.size()) {
    throw Error(Fault::data, "ground truth",
                std::to_string(truth.clips.size()) + " clips and " +
                    std::to_string(truth.classes.size()) + " classes, but scores of " +
                    std::to_string(frames.clips()) + " and " + std::to_string(frames.classes()));
  }
  if (!options.thresholds.empty() && options.thresholds.size() != frames.classes())
    throw Error(Fault::data, "thresholds", "not one for each class");
  Collector collector(frames, truth, options);
  for (std::size_t c = 0; c < frames.classes(); ++c) collector.add_class(c);
  return std::move(collector).scores();
}

std::vector<std::string> detection_f_metrics() {
  return {kEventBest,   kEventBestRounded, kEventBestOnset,   kEventAt,
          kSegmentBest, kSegmentAt,        kIntersectionBest, kIntersectionAt};
}

std::vector<std::string> further_detection_metrics() {
  std::vector<std::string> names;
  for (const RankingMetric& metric : kRankings) names.emplace_back(metric.name);
  names.insert(names.end(), {kSegmentErrors, kCollarErrors});
  std::ranges::copy(derived_psds(), std::back_inserter(names));
  return names;
}

MetricValues to_metrics(const DetectionScores& scores, std::span<const std::string> classes) {
  MetricValues values;
  append(scores.psds, classes, values);
  append(scores.derived_psds, classes, values);
  for (const auto& [name, f_scores] : scores.f_scores) {
    const auto more = to_metrics(f_scores, name, classes);
    values.insert(values.end(), more.begin(), more.end());
    for (std::size_t c = 0; c < classes.size() && name.starts_with("segment"); ++c) {
      const ClassFScore& own = f_scores.per_class[c];
      const std::size_t true_negatives =
          scores.segments[c] - own.events - own.counts.false_positives;
      values.push_back({name + ".tns", classes[c], static_cast<double>(true_negatives)});
    }
  }
  append(scores.rankings, classes, values);
  for (const auto& [name, rates] : scores.error_rates) {
    const auto more = to_metrics(rates, name, classes);
    values.insert(values.end(), more.begin(), more.end());
  }
  return values;
}

}  // namespace claptools
