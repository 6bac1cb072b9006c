#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/engine/model.hpp"
#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/report/html.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "claptools/tasks/join_frames.hpp"
#include "cmd/classify/label_options.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {

/// Events of each recording in a table.
using EventTruth = std::map<std::string, std::vector<Event>, std::less<>>;

/// @param path may be empty. @throws as read_table_file and parse_event_rows.
EventTruth read_event_truth(const std::string& path);

/// Pictures of recordings and their events: of the first one as SVG, of up to 30 on a page.
class LabelPictures {
 public:
  /// @param model of recordings, read again for their spectrograms, or none: embedding files have
  /// no spectrograms. It and the others must outlive this object. @param origin what the page says
  /// of itself. @throws Error{cannot_create}.
  LabelPictures(const LabelOptions& options, EventTruth truth, const Model* model,
                const ScoreOrigin& origin, const Messages& messages);

  /// How recordings are read again.
  void read_as(const StreamChoice& stream, TimeZero zero) {
    stream_ = stream;
    zero_ = zero;
  }

  /// Draws a recording if it is among those that are shown. @throws Error as AudioReader.
  void add(const RecordingFrames& recording, const ClipLabels& own, std::span<const Event> events);

  /// Writes the files, and says what they do not show.
  void close();

 private:
  std::optional<std::vector<Event>> truth_of(const RecordingFrames& recording);
  std::string draw(const RecordingFrames& recording, const ClipLabels& own,
                   std::span<const Event> events);

  const LabelOptions& options_;
  const Model* model_;
  StreamChoice stream_;
  TimeZero zero_ = TimeZero::audio;
  const Messages& messages_;
  std::unique_ptr<TextOutput> plot_, report_;
  std::string first_;  ///< the picture of --plot
  ReportPage page_;
  EventTruth truth_;
  std::size_t recordings_ = 0, with_truth_ = 0;
};

}  // namespace claptools::cmd
