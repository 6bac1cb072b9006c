#include "cmd/eval/compared_task.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "claptools/core/error.hpp"
#include "cmd/eval/eval_options.hpp"
#include "cmd/options/usage_error.hpp"

namespace claptools::cmd {
namespace {

constexpr std::size_t kResamples = 1000;  // as sacrebleu's --paired-bs

/// Where scores come from is told by the two arguments, and lists have no scores.
constexpr std::array kNotShared = {"scores", "embeddings", "audio",    "text",     "events",
                                   "class",  "help",       "ci-level", "ci-scheme"};

template <class Task>
Task& task_of(Task& task) {
  return task;
}
DetectionTask& task_of(DetectionArguments& arguments) { return arguments.task; }

template <class Task>
const Task& ready(const Task& task) {
  return task;
}
DetectionTask ready(const DetectionArguments& arguments) { return frame_task(arguments); }

template <class Typed>
ComparedTask make_task(Typed initial) {
  const auto typed = std::make_shared<Typed>(std::move(initial));
  ComparedTask task;
  task.parser = std::make_shared<CLI::App>();
  add_options(*task.parser, *typed);
  CLI::Option* const seed = task.parser->get_option("--seed");
  seed->remove_needs(task.parser->get_option("--ci"));  // which has a default here
  task_of(*typed).options.resamples = kResamples;
  task.options = [typed]() -> EvaluationOptions& { return task_of(*typed).options; };
  task.metrics = [typed] { return metric_names(ready(*typed)); };
  task.files = [typed] {
    ReportRows rows = files_of(*typed);
    std::erase_if(rows, [](const auto& row) { return row.first == "scores"; });
    return rows;
  };
  task.evaluate = [typed](const std::string& scores, const EvaluationOptions& options) {
    Typed own = *typed;
    task_of(own).scores = scores;
    task_of(own).options = options;
    return evaluate(ready(own));
  };
  return task;
}

/// The long name of an option of a task that is shared; empty: it is not.
std::string shared_name(const CLI::Option& option) {
  const auto names = option.get_lnames();
  if (names.empty() || std::ranges::count(kNotShared, names.front()) > 0) return {};
  return "--" + names.front();
}

/// CLI11 tells how many checks an option has only by refusing one too many.
void copy_checks(CLI::Option& from, CLI::Option& to) {
  try {
    for (int i = 0;; ++i) to.check(*from.get_validator(i));
  } catch (const CLI::OptionNotFound&) {
  }
}

}  // namespace

std::map<std::string, ComparedTask> compared_tasks() {
  return {{"classification", make_task(ClassificationTask{})},
          {"scenes", make_task(ClassificationTask{.scenes = true})},
          {"tagging", make_task(TaggingTask{})},
          {"retrieval", make_task(RetrievalTask{})},
          {"detection", make_task(DetectionArguments{})},
          {"grounding", make_task(GroundingTask{})}};
}

TaskOptions::TaskOptions(CLI::App& app, const std::map<std::string, ComparedTask>& tasks) {
  for (const auto& [task, own] : tasks) {
    for (CLI::Option* option : own.parser->get_options()) {
      const std::string name = shared_name(*option);
      if (!name.empty() && !app.get_option_no_throw(name)) add(app, name, *option);
    }
  }
}

void TaskOptions::add(CLI::App& app, const std::string& name, CLI::Option& option) {
  if (option.get_type_size() == 0) {
    app.add_flag(name, flags_[name], option.get_description());
    return;
  }
  const std::string type = option.get_type_name();
  CLI::Option* const added = app.add_option(name, words_[name], option.get_description())
                                 ->type_name(type.substr(0, type.find(':')))
                                 ->expected(1)
                                 ->allow_extra_args(false)  // what follows is an argument
                                 ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  copy_checks(option, *added);
}

std::string TaskOptions::first() const {
  for (const auto& [name, words] : words_)
    if (!words.empty()) return name;
  for (const auto& [name, is_on] : flags_)
    if (is_on) return name;
  return {};
}

void TaskOptions::parse_for(const std::string& name, const ComparedTask& task,
                            const std::string& scores) const {
  std::vector<std::string> given{"--scores=" + scores};
  const auto add = [&](const std::string& option, const std::string& word) {
    if (!task.parser->get_option_no_throw(option))
      throw Error(Fault::usage, option, "is not an option of " + name);
    given.push_back(word);
  };
  for (const auto& [option, words] : words_)
    for (const std::string& word : words) add(option, option + "=" + word);
  for (const auto& [option, is_on] : flags_)
    if (is_on) add(option, option);
  try {
    task.parser->parse(given);
  } catch (const CLI::ParseError& error) {
    throw Error(Fault::usage, "compare", describe_usage(*task.parser, error));
  }
}

}  // namespace claptools::cmd
