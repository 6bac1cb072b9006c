#pragma once

#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claptools {

/// How frame scores of a class become boxes. The defaults are those of the package sebbs.
struct CsebbsParameters {
  double step_filter_length_s = 0.5;
  /// Two events become one if the highest score of each is above the lowest one between them by
  /// less than this; infinite: by whatever it is.
  double merge_threshold_abs = 1;
  /// And by less than this factor; infinite: by whatever it is.
  double merge_threshold_rel = 2;

  bool operator==(const CsebbsParameters&) const = default;
};

/// A sound event bounding box: one event with one confidence over its whole extent.
struct EventBox {
  double onset_s = 0;
  double offset_s = 0;
  double confidence = 0;  ///< mean score inside

  bool operator==(const EventBox&) const = default;
};

/// A clip cut where its scores change. The segments 1, 3, 5 ... are events, the others are what
/// lies between them; the first and the last may have no length.
struct ScoreSegments {
  std::vector<double> bounds_s;  ///< one more than segments, rising
  std::vector<double> mean, lowest, highest;
};

/// Change detection: a step filter, the mean of half its length after a time less that of the half
/// before, begins an event at a local maximum and ends it at the next local minimum. What lies
/// outside the clip has the score 0.
/// @param scores     of one class, finite, at least one.
/// @param boundaries of the frames, s: one more, rising.
/// @param step_filter_length_s above 0.
/// Source: Ebbers et al., "Sound event bounding boxes", Interspeech 2024; as sebbs 1.0.2 rounds.
ScoreSegments find_changes(std::span<const double> scores, std::span<const double> boundaries,
                           double step_filter_length_s);

/// The events, those that belong together merged as CsebbsParameters say. They do not touch.
std::vector<EventBox> merge_segments(const ScoreSegments& segments, double threshold_abs,
                                     double threshold_rel);

/// Both steps.
std::vector<EventBox> event_boxes(std::span<const double> scores,
                                  std::span<const double> boundaries,
                                  const CsebbsParameters& parameters);

/// Parameters of classes from a table with the columns label, step_filter_length,
/// merge_threshold_abs and merge_threshold_rel, which may be "inf".
/// @param otherwise of labels that have no line. @return [labels].
/// @throws Error{data} naming the line for a label that is not one of them or comes twice, and for
/// what is not a length above 0 or a threshold of at least 0.
std::vector<CsebbsParameters> read_csebbs_parameters(std::istream& in, std::string_view subject,
                                                     std::span<const std::string> labels,
                                                     const CsebbsParameters& otherwise);

/// The parameters of a class, under its label.
using ClassCsebbs = std::pair<std::string, CsebbsParameters>;

/// Such a table.
std::string csebbs_table(std::span<const ClassCsebbs> classes);

}  // namespace claptools
