#pragma once

#include "claptools/zero_shot/classify_rows.hpp"
#include "claptools/zero_shot/score_rows.hpp"
#include "cmd/classify/label_options.hpp"
#include "cmd/classify/row_table.hpp"
#include "cmd/program/messages.hpp"

namespace claptools::cmd {

/// Prints the labels of rows, and keeps the scores if a file is wanted.
class LabelTable : public RowTable {
 public:
  /// @param options, picker, messages must outlive this object.
  LabelTable(const LabelOptions& options, LabelPicker& picker, ScoreRows scores,
             const Messages& messages);

  void begin(const EmbeddingHeader& header, const std::string& subject) override;
  void add(const EmbeddingRows& rows) override;
  void drop(const InputError& error) override { scores_.add_error(error, picker_.of(error.id)); }
  void end() override {}
  void close() override;

 private:
  void print(const ClassifiedRow& row);
  void print_wide(const ClassifiedRow& row);

  const LabelOptions& options_;
  TagOptions tags_;
  LabelPicker& picker_;
  const Messages& messages_;
  ScoreRows scores_;
  TableWriter table_;
  NearMiss miss_;
};

}  // namespace claptools::cmd
