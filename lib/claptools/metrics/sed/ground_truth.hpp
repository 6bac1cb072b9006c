#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"

namespace claptools {

/// One row of an event table, its numbers checked.
struct EventRow {
  std::string filename;
  std::string label;  ///< empty: a file without events
  double onset_s = 0;
  double offset_s = 0;  ///< not before onset_s
  std::size_t line = 0;
};

/// Reads the columns `filename`, `onset`, `offset`, `event_label`.
/// @param subject the table's name, for messages.
/// @throws Error{data} naming the file and the line: a time that is not a finite number, below 0 or
/// missing beside a label, a label that is missing beside a time, an onset after its offset.
std::vector<EventRow> parse_event_rows(const Table& table, std::string_view subject);

/// Reads the columns `id_column` and `duration` (seconds).
/// @throws Error{data} naming the file whose duration is not a finite number above 0.
std::vector<std::pair<std::string, double>> parse_durations(
    const Table& table, std::string_view subject, std::string_view id_column = "filename");

/// An annotated sound event.
struct TruthEvent {
  std::size_t clip = 0;         ///< position in GroundTruth::clips
  std::size_t class_index = 0;  ///< position in GroundTruth::classes
  double onset_s = 0;
  double offset_s = 0;
};

/// Events of one class in one clip that meet each other.
enum class MeetingEvents {
  refuse,            ///< overlapping or touching ones are an error
  refuse_but_touch,  ///< overlapping ones are an error
  merge,             ///< overlapping or touching ones become one
};

/// Puts events of any clips and classes in order; those of one class in one clip that meet are
/// merged or refused.
/// @param subject the events' table, for messages.
/// @throws Error{data} naming clip and class.
std::vector<TruthEvent> separate_events(std::vector<TruthEvent> events, MeetingEvents meeting,
                                        std::string_view subject,
                                        std::span<const std::string> clip_ids,
                                        std::span<const std::string> classes);

/// What is evaluated, and the events to find.
struct GroundTruth {
  std::vector<std::size_t> clips;    ///< rows of the scores, ascending
  std::vector<std::size_t> classes;  ///< columns of the scores, ascending
  std::vector<TruthEvent> events;    ///< sorted by clip, class and onset
  std::vector<double> durations_s;   ///< of each clip

  /// The events of all classes in a clip.
  std::span<const TruthEvent> of_clip(std::size_t clip) const;
  /// The events of one class in a clip, ascending and apart.
  std::span<const TruthEvent> of(std::size_t clip, std::size_t class_index) const;
};

struct GroundTruthOptions {
  MeetingEvents meeting = MeetingEvents::refuse;
  bool drop_clips_without_truth = false;     ///< else a scored clip without a row is an error
  bool drop_clips_without_events = false;    ///< official MGA-CLAP protocol
  bool drop_classes_without_events = false;  ///< else such a class is an error
};

/// Joins events and durations to the clips and classes scored. Durations of other clips are left
/// out, with a warning.
/// @param subject, durations_subject the tables' names, for messages.
/// @throws Error{data} naming the item: a label that is not a class, an event of no length, a clip
/// scored that has no row or no duration, a clip with two durations, durations of other clips
/// alone, what the matcher refuses and what the options say.
GroundTruth match_ground_truth(std::span<const EventRow> rows, std::string_view subject,
                               std::span<const std::pair<std::string, double>> durations,
                               std::string_view durations_subject, ClipMatcher& clips,
                               std::span<const std::string> classes,
                               const GroundTruthOptions& options = {});

}  // namespace claptools
