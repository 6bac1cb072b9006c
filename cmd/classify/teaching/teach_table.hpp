#pragma once

#include <string>
#include <vector>

#include "claptools/learn/teach.hpp"
#include "claptools/learn/teaching_set.hpp"
#include "cmd/classify/row_table.hpp"
#include "cmd/classify/teaching/teach_options.hpp"
#include "cmd/program/program.hpp"

namespace claptools::cmd {

/// Learns classes from the rows, writes the classifier, and prints how well it does.
class TeachTable : public RowTable {
 public:
  /// Reads the labels. @param arguments, table, program must outlive this object.
  /// @throws Error{no_input}, {data}.
  TeachTable(const TeachArguments& arguments, bool multilabel, const TableOptions& table,
             const Program& program);

  void begin(const EmbeddingHeader& header, const std::string& subject) override {
    set_.begin(header, subject);
  }
  void add(const EmbeddingRows& rows) override { set_.add(rows); }
  void drop(const InputError& error) override { set_.drop(error.id); }
  void end() override {}
  /// @throws Error{data} where there is too little to learn from; {cannot_create}, {io}.
  void close() override;

 private:
  TeachingData finish();
  void write(Teaching& teaching);
  void print(const Teaching& teaching) const;
  void summarize(const Teaching& teaching, std::size_t unlabelled) const;

  const TeachArguments& arguments_;
  const TableOptions& options_;
  const Program& program_;
  bool multilabel_;
  TeachingSet set_;
};

}  // namespace claptools::cmd
