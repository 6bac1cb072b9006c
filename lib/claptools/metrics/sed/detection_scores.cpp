#include "claptools/metrics/sed/detection_scores.hpp"

#include <algorithm>

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

/// Class after class of what belongs together.
class Collector {
 public:
  Collector(const DetectionFrames& frames, const GroundTruth& truth,
            const DetectionOptions& options)
      : frames_(frames), truth_(truth), options_(options), points_(options.psds.size()) {}

  void add_class(std::size_t c);
  DetectionScores scores() &&;

 private:
  void add(const std::string& name, const ClassFScore& score);
  bool wants(const std::string& metric) const { return options_.metrics.needs(metric); }

  const DetectionFrames& frames_;
  const GroundTruth& truth_;
  const DetectionOptions& options_;
  std::vector<std::vector<PsdPoints>> points_;  // [score][class]
  std::vector<std::pair<std::string, std::vector<ClassFScore>>> f_scores_;
  std::vector<std::size_t> segments_;
};

void Collector::add_class(std::size_t c) {
  EventCollars rounded = options_.collars;
  rounded.round_to_6_decimals = true;
  EventCollars onset_only = rounded;
  onset_only.ignore_offset = true;
  const double threshold = options_.threshold;
  FScoreCounter<EventCounter> event(truth_, c, options_.collars, threshold);
  FScoreCounter<EventCounter> event_rounded(truth_, c, rounded, threshold);
  FScoreCounter<EventCounter> event_onset(truth_, c, onset_only, threshold);
  FScoreCounter<IntersectionCounter> intersection(truth_, c, options_.intersection, threshold);
  std::vector<RunCounter*> counters;
  const auto use = [&](RunCounter& counter, const char* metric, const char* other) {
    if (wants(metric) || wants(other)) counters.push_back(&counter);
  };
  use(event, kEventBest, kEventBest);
  use(event_rounded, kEventBestRounded, kEventAt);
  use(event_onset, kEventBestOnset, kEventBestOnset);
  use(intersection, kIntersectionBest, kIntersectionAt);
  std::vector<PsdsCounter> psds;
  psds.reserve(options_.psds.size());
  for (const auto& [name, parameters] : options_.psds) {
    counters.push_back(&psds.emplace_back(truth_, c, parameters));
  }
  if (!counters.empty()) DetectionSweep(frames_, c).run(counters);
  for (std::size_t i = 0; i < psds.size(); ++i) points_[i].push_back(psds[i].points());
  add(kEventBest, event.search().best());
  add(kEventBestRounded, event_rounded.search().best());
  add(kEventBestOnset, event_onset.search().best());
  add(kEventAt, event_rounded.search().at_threshold());
  if (wants(kSegmentBest) || wants(kSegmentAt)) {
    const SegmentFScores segment = segment_f_scores(frames_, truth_, c, threshold);
    segments_.push_back(segment.segments);
    add(kSegmentBest, segment.best);
    add(kSegmentAt, segment.at_threshold);
  }
  add(kIntersectionBest, intersection.search().best());
  add(kIntersectionAt, intersection.search().at_threshold());
}

void Collector::add(const std::string& name, const ClassFScore& score) {
  if (!wants(name)) return;
  auto found = std::ranges::find(f_scores_, name, [](const auto& entry) { return entry.first; });
  if (found == f_scores_.end()) found = f_scores_.insert(found, {name, {}});
  found->second.push_back(score);
}

DetectionScores Collector::scores() && {
  DetectionScores scores;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const auto& [name, parameters] = options_.psds[i];
    scores.psds.emplace_back(name, psd_roc(points_[i], parameters.alpha_st, parameters.max_efpr));
  }
  for (auto& [name, per_class] : f_scores_) {
    scores.f_scores.emplace_back(name, average_f_scores(std::move(per_class)));
  }
  scores.segments = std::move(segments_);
  return scores;
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
  Collector collector(frames, truth, options);
  for (std::size_t c = 0; c < frames.classes(); ++c) collector.add_class(c);
  return std::move(collector).scores();
}

std::vector<std::string> detection_f_metrics() {
  return {kEventBest,   kEventBestRounded, kEventBestOnset,   kEventAt,
          kSegmentBest, kSegmentAt,        kIntersectionBest, kIntersectionAt};
}

MetricValues to_metrics(const DetectionScores& scores, std::span<const std::string> classes) {
  MetricValues values;
  for (const auto& [name, roc] : scores.psds) {
    values.push_back({name, "", roc.psds});
    for (std::size_t c = 0; c < classes.size(); ++c) {
      values.push_back({name, classes[c], roc.per_class[c]});
    }
  }
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
  return values;
}

}  // namespace claptools
