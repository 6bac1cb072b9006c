#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "claptools/evaluate/compare/comparison.hpp"

namespace claptools::cmd {

/// A task whose scores may be compared, with the options of its subcommand.
struct ComparedTask {
  std::shared_ptr<CLI::App> parser;  ///< of these options
  /// The following hold after the parser has run.
  std::function<EvaluationOptions&()> options;
  std::function<std::vector<std::string>()> metrics;  ///< the names there are
  std::function<ReportRows()> files;                  ///< besides the scores
  std::function<Evaluation(const std::string& scores, const EvaluationOptions& options)> evaluate;
};

/// By the words of --task.
std::map<std::string, ComparedTask> compared_tasks();

/// The options of all tasks in one subcommand, before it is known which task is meant.
class TaskOptions {
 public:
  /// Adds each option once, under the name, type and description that its first task gives it.
  TaskOptions(CLI::App& app, const std::map<std::string, ComparedTask>& tasks);

  /// The first option given; empty: none is.
  std::string first() const;

  /// Parses what was given for one task. @throws Error{usage} for an option that the task lacks,
  /// and as the task's own subcommand.
  void parse_for(const std::string& name, const ComparedTask& task,
                 const std::string& scores) const;

 private:
  void add(CLI::App& app, const std::string& name, CLI::Option& option);

  std::map<std::string, std::vector<std::string>> words_;  // by option
  std::map<std::string, bool> flags_;
};

}  // namespace claptools::cmd
