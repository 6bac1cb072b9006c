#include "cmd/classify/event_table.hpp"

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
      output_(make_event_output(options.table)),
      finder_(picker, detect_, options.whole_window,
              [this](const RecordingEvents& recording) { print(recording); }) {}

void EventTable::expect(std::span<const std::string> ids) {
  output_->expect(ids);
  scores_.expect(ids);
}

void EventTable::begin(const EmbeddingHeader& header, const std::string& subject) {
  finder_.begin(header, subject);
  output_->begin(header.sample_rate);
  scores_.begin(header, true, subject);
}

void EventTable::drop(const InputError& error) {
  finder_.drop(error.id);
  scores_.add_error(error, picker_.of(error.id));
}

void EventTable::print(const RecordingEvents& recording) {
  note_miss(recording, detect_, miss_);
  output_->add(recording);
  scores_.add(recording.frames.id, recording.labels, recording.frames.scores, recording.meta);
  if (pictures_) pictures_->add(recording);
}

void EventTable::close() {
  output_->close();
  scores_.close();
  note_near_miss(miss_, "events", messages_);
  if (pictures_) pictures_->close();
}

}  // namespace claptools::cmd
