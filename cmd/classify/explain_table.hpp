#pragma once

#include "claptools/zero_shot/explain_rows.hpp"
#include "cmd/classify/label_options.hpp"
#include "cmd/classify/row_table.hpp"

namespace claptools::cmd {

/// Prints the codewords that carry the match of a clip and its labels. Takes rows of a
/// CodebookModel, with frames.
class ExplainTable : public RowTable {
 public:
  /// @param codes of the model. It and picker must outlive this object.
  ExplainTable(const LabelOptions& options, LabelPicker& picker, const Codebook& codes);

  void begin(const EmbeddingHeader& header, const std::string&) override {
    explainer_.begin(header);
  }
  void add(const EmbeddingRows& rows) override { explainer_.add(rows); }
  void drop(const InputError&) override {}
  void end() override {}
  void close() override { table_.close(); }

 private:
  void print(const ExplainedMatch& match);

  MatchExplainer explainer_;
  TableWriter table_;
};

}  // namespace claptools::cmd
