#include "cmd/classify/teaching/teach_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "claptools/store/timestamp.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/progress.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {
namespace {

std::string named(const std::vector<std::string>& names) {
  return std::to_string(names.size()) + ", such as " + quote_name(names[0]);
}

/// Classes that have few recordings: allowed, but worth knowing.
void warn_of_few(const ClassifierFile& file, const Messages& messages) {
  std::vector<std::string> single, few;
  for (std::size_t c = 0; c < file.classes.size(); ++c) {
    if (file.examples[c] == 1) single.push_back(file.classes[c]);
    if (file.examples[c] > 1 && file.examples[c] < kFewExamples) few.push_back(file.classes[c]);
  }
  if (!single.empty())
    messages.warn("classes with a single recording, which cannot be tested: " + named(single));
  if (!few.empty() && file.is_logistic())
    messages.warn("classes with fewer than 5 recordings: " + named(few));
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

}  // namespace

TeachTable::TeachTable(const TeachArguments& arguments, bool multilabel, const TableOptions& table,
                       const Program& program)
    : arguments_(arguments),
      options_(table),
      program_(program),
      multilabel_(multilabel),
      set_(read_teaching_labels(arguments.labels, program.messages.log()), arguments.names) {}

TeachingData TeachTable::finish() {
  TeachingData data = set_.finish(program_.messages.log());
  if (multilabel_) data.choice = ClassChoice::any;
  return data;
}

void TeachTable::close() {
  const TeachingData data = finish();
  Progress progress(program_, "taught", "steps");
  TeachOptions how = arguments_.how;
  how.threads = program_.threads;
  how.stop = &handle_interrupts();
  how.progress = [&](const std::string& step) {
    progress.show([&] { return "teaching: " + step; });
  };
  Teaching teaching = teach(data, how);
  if (teaching.interrupted) return;
  warn_of_few(teaching.file, program_.messages);
  write(teaching);
  if (options_.output != "-") print(teaching);
  summarize(teaching, data.unlabelled);
}

void TeachTable::write(Teaching& teaching) {
  EmbeddingHeader& header = teaching.file.header;
  header.tool = program_.tool();
  header.command = program_.command_line;
  header.created = utc_timestamp();
  header.shard_count = header.shard_index = 0;
  write_classifier(options_.output, teaching.file, options_.force);
}

/// The columns of clap-eval.
void TeachTable::print(const Teaching& teaching) const {
  TableOptions options = options_;
  options.output = "-";
  TableWriter table(options, {"metric", "class", "value"});
  const auto add = [&](const char* metric, std::string_view name, Cell value) {
    table.row(std::array{text(metric), text(name), std::move(value)});
  };
  const ClassifierFile& file = teaching.file;
  const char* const measure = file.exclusive ? "accuracy" : "average_precision";
  if (file.is_logistic()) {
    add("C", "", number(file.c));
  } else {
    add("neighbours", "", count(file.neighbours));
  }
  if (file.accuracy && file.exclusive) add("accuracy", "", number(*file.accuracy));
  if (file.class_accuracy)
    add(file.exclusive ? "mean_class_accuracy" : "macro_map", "", number(*file.class_accuracy));
  for (std::size_t c = 0; c < file.classes.size(); ++c)
    add("examples", file.classes[c], count(file.examples[c]));
  for (std::size_t c = 0; c < teaching.per_class.size(); ++c)
    add(measure, file.classes[c], number(teaching.per_class[c]));
  table.close();
}

void TeachTable::summarize(const Teaching& teaching, std::size_t unlabelled) const {
  const ClassifierFile& file = teaching.file;
  std::string line =
      fmt::format("taught {} classes by {}", file.classes.size(),
                  file.is_logistic() ? fmt::format("logistic regression with C {}", file.c)
                                     : fmt::format("{} nearest neighbours", file.neighbours));
  const std::string how =
      file.is_logistic() ? fmt::format("in {} folds", teaching.folds) : "leaving one out";
  if (!file.accuracy) {
    line += "; too few recordings to test it";
  } else if (file.exclusive) {
    line += fmt::format("; accuracy {}, mean over classes {} ({})", percent(*file.accuracy),
                        percent(*file.class_accuracy), how);
  } else {
    line += fmt::format("; mean average precision {} ({})", percent(*file.class_accuracy), how);
  }
  if (unlabelled > 0) line += fmt::format("; {} recordings have no label", unlabelled);
  if (!program_.messages.quiet) program_.messages.note(line);
}

}  // namespace claptools::cmd
