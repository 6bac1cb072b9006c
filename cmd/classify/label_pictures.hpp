#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "claptools/engine/model.hpp"
#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/report/html.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "claptools/zero_shot/detect_rows.hpp"
#include "claptools/zero_shot/event_truth.hpp"
#include "claptools/zero_shot/spectrogram.hpp"
#include "cmd/classify/label_options.hpp"
#include "cmd/program/messages.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {

/// Pictures of recordings and their events: of the first one as SVG, of up to 30 on a page.
class LabelPictures {
 public:
  /// @param model of recordings, read again for their spectrograms, or none: embedding files have
  /// no spectrograms. It and the others must outlive this object. @param origin what the page says
  /// of itself. @throws Error{cannot_create}.
  LabelPictures(const LabelOptions& options, EventTruth truth, const Model* model,
                const Provenance& origin, const Messages& messages);

  /// How recordings are read again.
  void read_as(const StreamChoice& stream, TimeZero zero) {
    reading_.stream = stream;
    reading_.time_zero = zero;
  }

  /// Where recordings are, by their ids; must outlive the calls of add().
  void read_from(std::span<const AudioInput> inputs) { inputs_ = inputs; }

  /// Draws a recording if it is among those that are shown. @throws as Sound.
  void add(const RecordingEvents& recording);

  /// Writes the files, and says what they do not show.
  void close();

 private:
  std::string draw(const RecordingEvents& recording);

  const LabelOptions& options_;
  const Model* model_;
  SpectrogramRequest reading_;
  std::span<const AudioInput> inputs_;
  const Messages& messages_;
  std::unique_ptr<TextOutput> plot_, report_;
  std::string first_;  ///< the picture of --plot
  ReportPage page_;
  EventTruth truth_;
  std::size_t recordings_ = 0, with_truth_ = 0;
  std::size_t pages_ = 0, unpaged_ = 0;  ///< pages drawn, long recordings without them
};

}  // namespace claptools::cmd
