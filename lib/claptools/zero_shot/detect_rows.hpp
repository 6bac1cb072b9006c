#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/store/embedding_file.hpp"
#include "claptools/tasks/detect.hpp"
#include "claptools/tasks/join_frames.hpp"
#include "claptools/zero_shot/label_picker.hpp"
#include "claptools/zero_shot/near_miss.hpp"

namespace claptools {

/// What was heard in a recording, or in a part of it that lies apart from the others.
struct RecordingEvents {
  const RecordingFrames& frames;      ///< with scores [frames, labels]
  const ClipLabels& labels;           ///< that they were compared with
  std::span<const Event> events;      ///< times from frames.start_s on
  std::span<const std::string> meta;  ///< one value per meta column
};

/// Frame embeddings of windows -> sound events of recordings. Holds one recording.
class EventFinder {
 public:
  using Sink = std::function<void(const RecordingEvents&)>;

  /// @param picker must outlive this object.
  /// @param whole_windows counts frames of what short audio was filled with as well, as the
  /// official protocol does.
  /// @param sink gets each recording once its last window has come.
  EventFinder(LabelPicker& picker, const DetectOptions& options, bool whole_windows, Sink sink);

  /// Before the rows of a file. @param subject for messages.
  /// @throws Error{usage} for whole windows of stretched audio, which nothing was added to; {data}
  /// for frames that do not lie on a grid.
  void begin(const EmbeddingHeader& header, const std::string& subject);

  /// @param rows with frames. @throws Error{data}, as FrameJoiner::add and detect.
  void add(const EmbeddingRows& rows);

  /// A recording failed, perhaps after some of its rows came: they are forgotten.
  void drop(const std::string& id) { joiner_->drop(id); }

  /// After the last row of what was begun.
  void end() { joiner_->finish(); }

 private:
  void give(const RecordingFrames& recording);

  LabelPicker& picker_;
  DetectOptions options_;
  bool whole_windows_;
  Sink sink_;
  std::optional<FrameJoiner> joiner_;
  std::vector<std::string> meta_;  ///< of the recording in hand
};

/// Takes the scores of a recording without events, as they are compared: smoothed or binary.
void note_miss(const RecordingEvents& recording, const DetectOptions& options, NearMiss& miss);

}  // namespace claptools
