#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/psds/event_psds.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// Text-to-audio grounding: an item is one phrase and the audio in which it is looked for. Joins
/// the items scored to a table with the columns filename (the item), onset, offset, event_label and
/// audio_id; a row with both times 0 says that the item has no event. Items without events are not
/// evaluated. Labels are all taken for the same class.
/// @param durations of the audios.
/// @throws Error{data} naming the item: one with two audios, an audio without duration, and what
///         match_ground_truth refuses.
GroundTruth match_grounding(const Table& table, std::string_view subject,
                            std::span<const std::pair<std::string, double>> durations,
                            std::string_view durations_subject, ClipMatcher& items,
                            MeetingEvents meeting = MeetingEvents::refuse_but_touch);

struct GroundingOptions {
  std::size_t median_window = 3;  ///< frames
  /// Events with at most ceil(join_gap_s / frame) frames between them become one.
  double join_gap_s = 0.5;
  bool keep_items = false;  ///< remember what each item adds: resample() needs it
};

/// What is found at one threshold.
struct GroundingPoint {
  double threshold = 0;
  std::size_t detections = 0;
  double precision = 0;  ///< share of the detections that lie on found events by half or more
  double recall = 0;     ///< share of the events found, with dtc = gtc = 0.5
  double f1 = 0;
};

/// PSDS are of one class, without cross-triggers; none: not defined, because no eFPR above 0 is
/// reached.
struct GroundingScores {
  std::vector<std::pair<std::string, std::optional<PsdRoc>>> psds;
  double th_auc = 0;                   ///< area under f1 over the thresholds
  std::vector<GroundingPoint> points;  ///< 50, thresholds 0.01, 0.03, ... 0.99
  std::size_t items = 0;               ///< evaluated
  std::size_t events = 0;
};

/// Takes the scores item by item: memory grows with their number only by what keep_items asks for.
/// Sources: official MGA-CLAP grounding script; Xu et al., "Text-to-audio grounding" (th_auc).
class GroundingScorer {
 public:
  /// @param truth must outlive this object.
  explicit GroundingScorer(const GroundTruth& truth, const GroundingOptions& options = {});

  /// @param clip       position in truth.clips; each comes once.
  /// @param cosines    of the phrase against each frame.
  /// @param boundaries of frames, s: one more than cosines.
  /// @throws Error{data} naming the item if they do not fit or a cosine is not finite.
  void add(std::size_t clip, std::span<const float> cosines, std::span<const double> boundaries);
  /// The same in float64 throughout.
  void add(std::size_t clip, std::span<const double> cosines, std::span<const double> boundaries);

  /// After the last item.
  GroundingScores scores() const;

  /// The same of items drawn from these, some several times. @param clips positions in truth.clips.
  /// @throws Error{internal} without keep_items.
  GroundingScores resample(std::span<const std::size_t> clips) const;

 private:
  /// At one threshold.
  struct Tally {
    std::uint32_t detections = 0;
    std::uint32_t precise = 0;                               // detections that lie on found events
    std::array<std::uint32_t, 3> hits{}, false_positives{};  // by criteria

    Tally& operator+=(const Tally& other);
  };
  using Tallies = std::vector<Tally>;  // by threshold

  template <typename Real>
  void add_item(std::size_t clip, std::span<const Real> cosines,
                std::span<const double> boundaries);
  Tally tally(std::size_t clip, std::span<const TruthEvent> detections) const;
  static GroundingScores summarise(const GroundTruth& truth, const Tallies& tallies);

  const GroundTruth& truth_;
  GroundingOptions options_;
  Tallies total_;
  std::vector<Tallies> items_;  // by clip, with keep_items
};

/// `psds1`, `psds2`, `psds_2021` (dtc = gtc = 0.7, 0.1, 0.5, at most 800 false positives per hour),
/// `psds_05_no_max`, `psds_05_max100`, `th_auc`, `n_items_with_events`, `n_events`. NaN: not
/// defined.
MetricValues to_metrics(const GroundingScores& scores);

/// All names that to_metrics() gives, in its order.
std::vector<std::string> grounding_metrics();

}  // namespace claptools
