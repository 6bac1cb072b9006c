#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/metrics/sed/ground_truth.hpp"
#include "claptools/tasks/detect.hpp"

namespace claptools {

/// The events of one recording, for a file of labels.
struct LabelledRecording {
  std::string id;
  double duration_s = 0;
  int sample_rate = 0;        ///< Hz, of what the model heard; 0: unknown
  std::vector<Event> events;  ///< times from the start of the recording, ascending by onset
};

/// How far a file that holds several recordings has been written.
struct FilePosition {
  std::size_t events = 0;
  std::int64_t time_ms = 0;  ///< the recordings so far, one after another
};

/// Where a text of labels comes from.
struct EventSource {
  std::string subject;    ///< the file, for messages
  std::string recording;  ///< whose events they are where the text does not say
};

/// A format in which other programs have labels of recordings. Times are written to the
/// millisecond, and an event is at least one long. Control characters of names and labels become
/// \n, \t or \xNN where the format cannot hold them.
struct EventFormat {
  std::string_view name;    ///< as users type it: "audacity"
  std::string_view title;   ///< for messages: "an SRT file"
  std::string_view ending;  ///< of its files, without the dot: "txt"
  bool owns_ending;         ///< whether the ending alone says that a file is of this format
  bool holds_many;          ///< several recordings in one file
  bool recognises_empty;    ///< whether a file of this ending without a byte has no events
  std::string_view header;  ///< what a file begins with

  /// What a recording adds to a file.
  std::string (*write)(const LabelledRecording& recording, const FilePosition& position);

  /// Whether a text that is not empty looks like this format.
  bool (*recognises)(std::string_view text);

  /// The events of a text, one row each; one row without a label for a recording without events, if
  /// the format says of which recording it is.
  /// @throws Error{data} naming file and line.
  std::vector<EventRow> (*read)(const std::string& text, const EventSource& source);
};

/// All of them, in the order in which a text is compared with them (event_formats.def).
std::span<const EventFormat* const> event_formats();

/// @return null if no format is called that.
const EventFormat* find_event_format(std::string_view name);

/// The format that the ending of a file's name stands for ("x.TextGrid"), upper or lower case.
/// @return null if there is none that owns the ending.
const EventFormat* event_format_of_name(std::string_view path);

}  // namespace claptools
