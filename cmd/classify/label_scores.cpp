#include "cmd/classify/label_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools::cmd {
namespace {

std::vector<std::string> meta_of(const EmbeddingRows& rows, std::size_t row) {
  std::vector<std::string> values;
  for (const auto& column : rows.meta) values.push_back(column[row]);
  return values;
}

}  // namespace

void ThresholdNote::add(float score, double threshold, const std::string& label,
                        const std::string& id) {
  if (threshold >= 1 || (any_ && score <= highest_)) return;
  any_ = true;
  highest_ = score;
  threshold_ = threshold;
  label_ = label;
  id_ = id;
}

void ThresholdNote::close() const {
  if (exceeded_ || !any_ || messages_.quiet) return;
  messages_.note(
      fmt::format("no {} above its threshold; the highest score is {:.6f} of {} in {}, "
                  "with a threshold of {}",
                  what_, highest_, quote_name(label_), quote_name(id_), threshold_));
}

LabelTable::LabelTable(const LabelOptions& options, const LabelSet& set, LabelPicker& picker,
                       ScoreRows scores, const Messages& messages)
    : options_(options),
      set_(set),
      picker_(picker),
      scores_(std::move(scores)),
      table_(options.table, {"id", "start_s", "end_s", "rank", "label", "score"}),
      note_("label", messages) {}

void LabelTable::begin(const EmbeddingHeader& header, const std::string& subject) {
  scores_.begin(header.meta_columns, 0, subject);
}

/// All rows at once where they are compared with the same labels.
void LabelTable::add(const EmbeddingRows& rows) {
  const std::size_t all = rows.segments.size(), step = set_.phrases ? 1 : all;
  for (std::size_t first = 0; first < all; first += step) add_clips(rows, first, step);
}

void LabelTable::add_clips(const EmbeddingRows& rows, std::size_t first, std::size_t size) {
  const ClipLabels& own = picker_.of(rows.segments[first].id);
  if (own.names.empty()) return;
  const Matrix cosines = cosine_scores(rows.embeddings.slice(first, size), own.prompts);
  for (std::size_t i = 0; i < size; ++i) {
    const auto& [id, start_s, end_s] = rows.segments[first + i];
    const auto chosen = choose_labels(cosines.row(i), own, set_, options_);
    if (!chosen.empty()) note_.exceed();
    for (std::size_t c = 0; note_.is_open() && options_.multilabel && c < own.names.size(); ++c) {
      note_.add(cosines.row(i)[c], own.thresholds[c], own.names[c], id);
    }
    for (std::size_t rank = 0; rank < chosen.size(); ++rank) {
      const auto& [label, cosine] = chosen[rank];
      table_.row(std::array{text(id), number(start_s), number(end_s), count(rank + 1),
                            text(own.names[label]), score(cosine)});
    }
    scores_.add(id, own, cosines.view().slice(i, 1), meta_of(rows, first + i));
  }
}

void LabelTable::close() {
  table_.close();
  scores_.close();
  note_.close();
}

EventTable::EventTable(const LabelOptions& options, LabelPicker& picker, ScoreRows scores,
                       LabelPictures* pictures, const Messages& messages)
    : detect_(to_detect_options(options)),
      whole_window_(options.whole_window),
      picker_(picker),
      scores_(std::move(scores)),
      pictures_(pictures),
      table_(options.table, {"filename", "onset", "offset", "event_label", "score"}),
      note_("event", messages) {}

void EventTable::begin(const EmbeddingHeader& header, const std::string& subject) {
  const bool stretched = header.short_audio == "stretch";
  if (stretched && whole_window_) {
    throw Error(Fault::usage, "--whole-window",
                "short sound is stretched: there are no frames after it");
  }
  // Rows of frame scores have no time of their own: frame k is k hops after 0 s.
  if (scores_.wanted() && header.options.find("time-zero=container") != std::string::npos) {
    throw Error(
        Fault::usage, "--scores",
        "with --events counts frames from the first sample: not with --time-zero container");
  }
  scores_.begin(header.meta_columns, header.frame_hop_s, subject);
  joiner_.emplace(FrameTiming{header.frame_hop_s, header.sample_rate, stretched, whole_window_},
                  subject, [this](const RecordingFrames& recording) { add_recording(recording); });
}

void EventTable::drop(const InputError& error) {
  joiner_->drop(error.id);
  scores_.add_error(error, picker_.of(error.id));
}

void EventTable::add(const EmbeddingRows& rows) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < rows.segments.size(); ++i) {
    const auto& [id, start_s, end_s] = rows.segments[i];
    const MatrixView frames = rows.frames.slice(first, rows.frame_counts[i]);
    first += frames.rows;
    const ClipLabels& own = picker_.of(id);
    if (own.names.empty()) continue;
    // This may end the recording before, whose values are in meta_ until then.
    joiner_->add(id, start_s, end_s, cosine_scores(frames, own.prompts));
    meta_ = meta_of(rows, i);
  }
}

void EventTable::add_recording(const RecordingFrames& recording) {
  const ClipLabels& own = picker_.of(recording.id);
  const auto events = detect(recording.scores, recording.hop_s, recording.end_s - recording.start_s,
                             own.names, own.thresholds, detect_);
  if (!events.empty()) note_.exceed();
  if (note_.is_open()) note_highest(recording, own);
  for (const Event& event : events) {
    table_.row(std::array{text(recording.id), number(recording.start_s + event.onset_s),
                          number(recording.start_s + event.offset_s), text(event.label),
                          score(event.score)});
  }
  scores_.add(recording.id, own, recording.scores, meta_);
  if (pictures_) pictures_->add(recording, own, events);
}

/// Scores as they are compared: with no threshold each class is one event.
void EventTable::note_highest(const RecordingFrames& recording, const ClipLabels& own) {
  DetectOptions all = detect_;
  all.min_duration_s = 0;
  const std::vector<double> none(own.names.size(), -std::numeric_limits<double>::infinity());
  for (const Event& event : detect(recording.scores, recording.hop_s,
                                   recording.end_s - recording.start_s, own.names, none, all)) {
    const auto c = std::ranges::find(own.names, event.label) - own.names.begin();
    note_.add(event.score, own.thresholds[static_cast<std::size_t>(c)], event.label, recording.id);
  }
}

void EventTable::close() {
  table_.close();
  scores_.close();
  note_.close();
  if (pictures_) pictures_->close();
}

}  // namespace claptools::cmd
