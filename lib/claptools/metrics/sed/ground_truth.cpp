#include "claptools/metrics/sed/ground_truth.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/metrics/sed/class_matcher.hpp"

namespace claptools {
namespace {

constexpr auto kNone = static_cast<std::size_t>(-1);

std::optional<double> parse_seconds(std::string_view text) {
  const auto value = parse<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

/// Fails for one row of a table.
[[noreturn]] void refuse(std::string_view subject, std::size_t line, const std::string& filename,
                         const std::string& reason) {
  throw Error(Fault::data, subject,
              "line " + std::to_string(line) + ", '" + filename + "': " + reason);
}

/// How often the table speaks of a clip or class.
struct Counts {
  Counts(std::size_t clips, std::size_t classes)
      : rows_of_clip(clips), events_of_clip(clips), events_of_class(classes) {}

  std::vector<std::size_t> rows_of_clip;
  std::vector<std::size_t> events_of_clip;
  std::vector<std::size_t> events_of_class;
};

void require_all(std::span<const std::size_t> counts, std::span<const std::string> names,
                 std::string_view subject, const std::string& reason) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) throw Error(Fault::data, subject, reason + names[i] + "'");
  }
}

/// The indices with a nonzero count.
std::vector<std::size_t> nonzero(std::span<const std::size_t> counts) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) kept.push_back(i);
  }
  return kept;
}

/// The inverse: where an index is kept.
std::vector<std::size_t> positions(std::span<const std::size_t> kept, std::size_t size) {
  std::vector<std::size_t> position(size, kNone);
  for (std::size_t i = 0; i < kept.size(); ++i) position[kept[i]] = i;
  return position;
}

std::vector<double> match_durations(std::span<const std::pair<std::string, double>> durations,
                                    std::string_view subject, const ClipMatcher& clips) {
  std::vector<double> matched(clips.ids().size());
  NameTally names;
  for (const auto& [filename, seconds] : durations) {
    const auto clip = clips.find_again(filename);
    if (clip || !clips.is_missing(filename)) names.add(filename, clip.has_value());
    if (!clip) continue;
    double& duration = matched[*clip];
    if (duration != 0) throw Error(Fault::data, subject, "'" + filename + "' occurs twice");
    duration = seconds;
  }
  clips.warn_of(names, subject);
  return matched;
}

/// The events, sorted by `member`, where it is `value`. Not std::ranges::equal_range, whose
/// subrange of libstdc++ 12 Clang 14 cannot compile.
std::span<const TruthEvent> equal_run(std::span<const TruthEvent> events, std::size_t value,
                                      std::size_t TruthEvent::*member) {
  const auto first = std::ranges::lower_bound(events, value, {}, member);
  return {first, std::ranges::upper_bound(first, events.end(), value, {}, member)};
}

}  // namespace

std::vector<EventRow> parse_event_rows(const Table& table, std::string_view subject) {
  const std::size_t filename = table.require("filename", subject);
  const std::size_t onset = table.require("onset", subject);
  const std::size_t offset = table.require("offset", subject);
  const std::size_t label = table.require("event_label", subject);
  std::vector<EventRow> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& fields = table.rows[i];
    EventRow row{fields[filename], fields[label], 0, 0, table.lines[i]};
    const auto time = [&](std::size_t column) {
      if (fields[column].empty()) {
        refuse(subject, row.line, row.filename,
               "label '" + row.label + "' without " + table.columns[column]);
      }
      const auto seconds = parse_seconds(fields[column]);
      if (!seconds || *seconds < 0) {
        refuse(subject, row.line, row.filename,
               table.columns[column] + " '" + fields[column] + "' is not a time");
      }
      return *seconds;
    };
    if (!row.label.empty()) {
      row.onset_s = time(onset);
      row.offset_s = time(offset);
      if (row.onset_s > row.offset_s) {
        refuse(subject, row.line, row.filename,
               "onset " + fields[onset] + " is after offset " + fields[offset]);
      }
    } else if (!fields[onset].empty() || !fields[offset].empty()) {
      refuse(subject, row.line, row.filename, "a time without event_label");
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::pair<std::string, double>> parse_durations(const Table& table,
                                                            std::string_view subject,
                                                            std::string_view id_column) {
  const std::size_t id = table.require(id_column, subject);
  const std::size_t duration = table.require("duration", subject);
  std::vector<std::pair<std::string, double>> durations;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const auto seconds = parse_seconds(row[duration]);
    if (!seconds || *seconds <= 0) {
      refuse(subject, table.lines[i], row[id],
             "duration '" + row[duration] + "' is not a number above 0");
    }
    durations.emplace_back(row[id], *seconds);
  }
  return durations;
}

std::span<const TruthEvent> GroundTruth::of_clip(std::size_t clip) const {
  return equal_run(events, clip, &TruthEvent::clip);
}

std::span<const TruthEvent> GroundTruth::of(std::size_t clip, std::size_t class_index) const {
  return equal_run(of_clip(clip), class_index, &TruthEvent::class_index);
}

std::vector<TruthEvent> separate_events(std::vector<TruthEvent> events, MeetingEvents meeting,
                                        std::string_view subject,
                                        std::span<const std::string> clip_ids,
                                        std::span<const std::string> classes) {
  std::sort(events.begin(), events.end(), [](const TruthEvent& a, const TruthEvent& b) {
    return std::tie(a.clip, a.class_index, a.onset_s, a.offset_s) <
           std::tie(b.clip, b.class_index, b.onset_s, b.offset_s);
  });
  std::vector<TruthEvent> apart;
  for (const TruthEvent& event : events) {
    const bool same = !apart.empty() && apart.back().clip == event.clip &&
                      apart.back().class_index == event.class_index;
    const bool touch_is_apart = meeting == MeetingEvents::refuse_but_touch;
    if (!same || event.onset_s > apart.back().offset_s ||
        (touch_is_apart && event.onset_s == apart.back().offset_s)) {
      apart.push_back(event);
    } else if (meeting == MeetingEvents::merge) {
      apart.back().offset_s = std::max(apart.back().offset_s, event.offset_s);
    } else {
      throw Error(Fault::data, subject,
                  "clip '" + clip_ids[event.clip] + "' has events of '" +
                      classes[event.class_index] + "' that overlap" +
                      (touch_is_apart ? "" : " or touch"));
    }
  }
  return apart;
}

GroundTruth match_ground_truth(std::span<const EventRow> rows, std::string_view subject,
                               std::span<const std::pair<std::string, double>> durations,
                               std::string_view durations_subject, ClipMatcher& clips,
                               std::span<const std::string> classes,
                               const GroundTruthOptions& options) {
  const auto clip_ids = clips.ids();
  ClassMatcher class_index(classes);
  Counts counts(clip_ids.size(), classes.size());
  std::vector<TruthEvent> events;
  for (const EventRow& row : rows) {
    const auto clip = clips.find(row.filename);
    if (!clip) continue;
    ++counts.rows_of_clip[*clip];
    if (row.label.empty()) continue;
    if (row.onset_s == row.offset_s) {
      refuse(subject, row.line, row.filename, "an event of no length");
    }
    const auto class_position = class_index.find(row.label);
    if (!class_position) continue;
    events.push_back({*clip, *class_position, row.onset_s, row.offset_s});
    ++counts.events_of_clip[*clip];
    ++counts.events_of_class[*class_position];
  }
  clips.settle(subject);
  class_index.settle(subject);
  if (!options.drop_clips_without_truth) {
    require_all(counts.rows_of_clip, clip_ids, subject, "no row for clip '");
  }
  if (!options.drop_classes_without_events) {
    require_all(counts.events_of_class, classes, subject, "no event of class '");
  }
  GroundTruth truth;
  truth.clips =
      nonzero(options.drop_clips_without_events ? counts.events_of_clip : counts.rows_of_clip);
  truth.classes = nonzero(counts.events_of_class);
  if (truth.clips.empty()) throw Error(Fault::data, subject, "no clip to evaluate");
  const auto seconds = match_durations(durations, durations_subject, clips);
  for (const std::size_t clip : truth.clips) {
    if (seconds[clip] == 0) {
      throw Error(Fault::data, durations_subject, "no duration for clip '" + clip_ids[clip] + "'");
    }
    truth.durations_s.push_back(seconds[clip]);
  }
  truth.events = separate_events(std::move(events), options.meeting, subject, clip_ids, classes);
  const auto clip_position = positions(truth.clips, clip_ids.size());
  const auto class_position = positions(truth.classes, classes.size());
  for (TruthEvent& event : truth.events) {
    event.clip = clip_position[event.clip];
    event.class_index = class_position[event.class_index];
  }
  return truth;
}

}  // namespace claptools
