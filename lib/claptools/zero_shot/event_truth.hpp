#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "claptools/tasks/detect.hpp"
#include "claptools/tasks/join_frames.hpp"

namespace claptools {

/// What is really heard in recordings, to be shown beside what was found.
class EventTruth {
 public:
  /// @param path what read_events() takes; empty: no recording is known. @throws as read_events.
  static EventTruth read(const std::string& path);

  /// Events of a recording, which the table names whole or by the last part of its path, perhaps
  /// without its extension, cut to [start_s, end_s) and counted from start_s. None if the table
  /// does not name it.
  std::optional<std::vector<Event>> of(const RecordingFrames& recording) const;

 private:
  std::map<std::string, std::vector<Event>, std::less<>> events_;
};

}  // namespace claptools
