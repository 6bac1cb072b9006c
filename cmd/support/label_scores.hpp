#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/support/label_options.hpp"
#include "cmd/support/label_pictures.hpp"
#include "cmd/support/row_table.hpp"
#include "cmd/support/score_rows.hpp"
#include "mgaclap/tasks/join_frames.hpp"

namespace mgaclap::cmd {

/// Scores rows against prompts, prints labels, and keeps the scores if a file is wanted.
class LabelTable : public RowTable {
 public:
  /// @param options, set, picker must outlive this object.
  LabelTable(const LabelOptions& options, const LabelSet& set, LabelPicker& picker,
             ScoreRows scores);

  void begin(const EmbeddingHeader& header, const std::string& subject) override;
  void add(const EmbeddingRows& rows) override;
  void drop(const std::string&) override {}
  void end() override {}
  void close() override;

 private:
  void add_clips(const EmbeddingRows& rows, std::size_t first, std::size_t size);

  const LabelOptions& options_;
  const LabelSet& set_;
  LabelPicker& picker_;
  ScoreRows scores_;
  TableWriter table_;
};

/// Scores frames against prompts, prints events, keeps the scores if a file is wanted, and draws
/// pictures.
class EventTable : public RowTable {
 public:
  /// @param picker, pictures must outlive this object. @param pictures may be null.
  EventTable(const LabelOptions& options, LabelPicker& picker, ScoreRows scores,
             LabelPictures* pictures);

  void begin(const EmbeddingHeader& header, const std::string& subject) override;
  void add(const EmbeddingRows& rows) override;
  void drop(const std::string& id) override { joiner_->drop(id); }
  void end() override { joiner_->finish(); }
  void close() override;

 private:
  void add_recording(const RecordingFrames& recording);

  DetectOptions detect_;
  bool whole_window_;
  LabelPicker& picker_;
  ScoreRows scores_;
  LabelPictures* pictures_;
  TableWriter table_;
  std::optional<FrameJoiner> joiner_;
  std::vector<std::string> meta_;  ///< of the recording in hand
};

}  // namespace mgaclap::cmd
