#include "claptools/zero_shot/detect_rows.hpp"

#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/zero_shot/row_meta.hpp"

namespace claptools {

EventFinder::EventFinder(LabelPicker& picker, const DetectOptions& options, bool whole_windows,
                         Sink sink)
    : picker_(picker), options_(options), whole_windows_(whole_windows), sink_(std::move(sink)) {}

void EventFinder::begin(const EmbeddingHeader& header, const std::string& subject) {
  const bool stretched = header.short_audio == "stretch";
  if (stretched && whole_windows_) {
    throw Error(Fault::usage, "`whole_windows`",
                "short sound is stretched: there are no frames after it");
  }
  joiner_.emplace(FrameTiming{header.frame_hop_s, header.sample_rate, stretched, whole_windows_},
                  subject, [this](const RecordingFrames& recording) { give(recording); });
}

void EventFinder::add(const EmbeddingRows& rows) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < rows.segments.size(); ++i) {
    const auto& [id, start_s, end_s] = rows.segments[i];
    const MatrixView frames = rows.frames.slice(first, rows.frame_counts[i]);
    first += frames.rows;
    const ClipLabels& own = picker_.of(id);
    if (own.names.empty()) continue;
    // This may end the recording before, whose values are in meta_ until then.
    joiner_->add(id, start_s, end_s, own.score(frames));
    meta_ = meta_of(rows, i);
  }
}

void EventFinder::give(const RecordingFrames& recording) {
  const ClipLabels& own = picker_.of(recording.id);
  const auto events = detect(recording.scores, recording.hop_s, recording.end_s - recording.start_s,
                             own.names, own.thresholds, options_, own.boxes);
  sink_({recording, own, events, meta_});
}

void note_miss(const RecordingEvents& recording, const DetectOptions& options, NearMiss& miss) {
  if (!recording.events.empty()) miss.exceed();
  if (!miss.is_open()) return;
  const auto& [frames, own, events, meta] = recording;
  const auto peaks =
      find_peaks(frames.scores, frames.hop_s, frames.end_s - frames.start_s, options, own.boxes);
  for (std::size_t c = 0; c < peaks.size(); ++c)
    miss.add(peaks[c].score, own.thresholds[c], own.names[c], frames.id,
             frames.start_s + peaks[c].time_s);
}

}  // namespace claptools
