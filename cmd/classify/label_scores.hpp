#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "claptools/tasks/join_frames.hpp"
#include "cmd/classify/label_options.hpp"
#include "cmd/classify/label_pictures.hpp"
#include "cmd/classify/row_table.hpp"
#include "cmd/classify/score_rows.hpp"
#include "cmd/program/messages.hpp"

namespace claptools::cmd {

/// Tells that nothing exceeded its threshold, and how near the best score came.
class ThresholdNote {
 public:
  /// @param what "event". @param messages must outlive this object.
  ThresholdNote(std::string what, const Messages& messages)
      : what_(std::move(what)), messages_(messages) {}

  bool is_open() const { return !exceeded_; }
  void exceed() { exceeded_ = true; }
  /// A score that did not exceed its threshold.
  void add(float score, double threshold, const std::string& label, const std::string& id);
  /// Says nothing if no score could have exceeded its threshold: a cosine of 1 asks for none.
  void close() const;

 private:
  std::string what_;
  const Messages& messages_;
  bool exceeded_ = false;
  float highest_ = 0;
  double threshold_ = 0;
  std::string label_, id_;  // of the highest
  bool any_ = false;
};

/// Scores rows against prompts, prints labels, and keeps the scores if a file is wanted.
class LabelTable : public RowTable {
 public:
  /// @param options, set, picker, messages must outlive this object.
  LabelTable(const LabelOptions& options, const LabelSet& set, LabelPicker& picker,
             ScoreRows scores, const Messages& messages);

  void begin(const EmbeddingHeader& header, const std::string& subject) override;
  void add(const EmbeddingRows& rows) override;
  void drop(const InputError& error) override { scores_.add_error(error, picker_.of(error.id)); }
  void end() override {}
  void close() override;

 private:
  void add_clips(const EmbeddingRows& rows, std::size_t first, std::size_t size);

  const LabelOptions& options_;
  const LabelSet& set_;
  LabelPicker& picker_;
  ScoreRows scores_;
  TableWriter table_;
  ThresholdNote note_;
};

/// Scores frames against prompts, prints events, keeps the scores if a file is wanted, and draws
/// pictures.
class EventTable : public RowTable {
 public:
  /// @param picker, pictures, messages must outlive this object. @param pictures may be null.
  EventTable(const LabelOptions& options, LabelPicker& picker, ScoreRows scores,
             LabelPictures* pictures, const Messages& messages);

  void begin(const EmbeddingHeader& header, const std::string& subject) override;
  void add(const EmbeddingRows& rows) override;
  void drop(const InputError& error) override;
  void end() override { joiner_->finish(); }
  void close() override;

 private:
  void add_recording(const RecordingFrames& recording);
  void note_highest(const RecordingFrames& recording, const ClipLabels& own);

  DetectOptions detect_;
  bool whole_window_;
  LabelPicker& picker_;
  ScoreRows scores_;
  LabelPictures* pictures_;
  TableWriter table_;
  ThresholdNote note_;
  std::optional<FrameJoiner> joiner_;
  std::vector<std::string> meta_;  ///< of the recording in hand
};

}  // namespace claptools::cmd
