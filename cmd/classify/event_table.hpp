#pragma once

#include <memory>
#include <span>
#include <string>

#include "claptools/zero_shot/detect_rows.hpp"
#include "claptools/zero_shot/score_rows.hpp"
#include "cmd/classify/event_output.hpp"
#include "cmd/classify/label_options.hpp"
#include "cmd/classify/label_pictures.hpp"
#include "cmd/classify/row_table.hpp"
#include "cmd/program/messages.hpp"

namespace claptools::cmd {

/// Writes the events of recordings, keeps the scores if a file is wanted, and draws pictures.
class EventTable : public RowTable {
 public:
  /// @param picker, pictures, messages must outlive this object. @param pictures may be null.
  EventTable(const LabelOptions& options, LabelPicker& picker, ScoreRows scores,
             LabelPictures* pictures, const Messages& messages);

  void expect(std::span<const std::string> ids) override;
  void begin(const EmbeddingHeader& header, const std::string& subject) override;
  void add(const EmbeddingRows& rows) override { finder_.add(rows); }
  void drop(const InputError& error) override;
  void end() override { finder_.end(); }
  void close() override;

 private:
  void print(const RecordingEvents& recording);

  DetectOptions detect_;
  LabelPicker& picker_;
  const Messages& messages_;
  ScoreRows scores_;
  LabelPictures* pictures_;
  std::unique_ptr<EventOutput> output_;
  NearMiss miss_;
  EventFinder finder_;
};

}  // namespace claptools::cmd
