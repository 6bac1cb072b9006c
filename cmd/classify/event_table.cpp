#include "cmd/classify/event_table.hpp"

#include <array>
#include <utility>

#include "cmd/classify/near_miss_note.hpp"

namespace claptools::cmd {

EventTable::EventTable(const LabelOptions& options, LabelPicker& picker, ScoreRows scores,
                       LabelPictures* pictures, const Messages& messages)
    : detect_(to_detect_options(options)),
      picker_(picker),
      messages_(messages),
      scores_(std::move(scores)),
      pictures_(pictures),
      table_(options.table, {"filename", "onset", "offset", "event_label", "score"}),
      finder_(picker, detect_, options.whole_window,
              [this](const RecordingEvents& recording) { print(recording); }) {}

void EventTable::begin(const EmbeddingHeader& header, const std::string& subject) {
  finder_.begin(header, subject);
  scores_.begin(header, true, subject);
}

void EventTable::drop(const InputError& error) {
  finder_.drop(error.id);
  scores_.add_error(error, picker_.of(error.id));
}

void EventTable::print(const RecordingEvents& recording) {
  const RecordingFrames& frames = recording.frames;
  note_miss(recording, detect_, miss_);
  for (const Event& event : recording.events) {
    table_.row(std::array{text(frames.id), number(frames.start_s + event.onset_s),
                          number(frames.start_s + event.offset_s), text(event.label),
                          score(event.score)});
  }
  scores_.add(frames.id, recording.labels, frames.scores, recording.meta);
  if (pictures_) pictures_->add(recording);
}

void EventTable::close() {
  table_.close();
  scores_.close();
  note_near_miss(miss_, "event", messages_);
  if (pictures_) pictures_->close();
}

}  // namespace claptools::cmd
