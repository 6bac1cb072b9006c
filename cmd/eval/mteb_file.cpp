#include "cmd/eval/mteb_file.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {

void add_mteb_options(CLI::App& app, MtebArguments& arguments) {
  CLI::Option* const file = app.add_option("--mteb", arguments.file, "result file of mteb, JSON");
  file->type_name("FILE");
  const auto add = [&](const char* name, std::string& word, const char* text) {
    return app.add_option(name, word, text)->type_name("WORD")->needs(file);
  };
  file->needs(add("--task", arguments.request.task, "mteb's name of the task"));
  add("--mteb-revision", arguments.request.revision, "commit of the task's data set on its hub");
  add("--mteb-split", arguments.request.split, "split of the data set that was evaluated");
}

void add_mteb_threshold(CLI::App& app, MtebArguments& arguments) {
  add_number(app, "--mteb-threshold", arguments.threshold, RealRange{},
             "scores above it are predicted tags (0.5)", "T")
      ->needs("--mteb");
}

std::optional<MtebTask> mteb_task(const MtebArguments& arguments, const std::string& evaluation) {
  if (arguments.file.empty()) return std::nullopt;
  return find_mteb_task(arguments.request, evaluation);
}

std::string mteb_json(const MtebTask& task, const Evaluation& evaluation) {
  nlohmann::ordered_json scores;
  scores["hf_subset"] = task.subset;
  scores["languages"] = task.languages;
  for (const MetricValue& v : mteb_scores(task, evaluation)) scores[v.metric] = v.value;
  scores["mteb_version"] = kMtebVersion;
  nlohmann::ordered_json result;
  result["dataset_revision"] = task.revision;
  result["task_name"] = task.name;
  result["mteb_version"] = kMtebVersion;
  result["scores"][task.split] = {scores};
  for (const char* unknown : {"evaluation_time", "kg_co2_emissions", "date", "evaluation_phases"})
    result[unknown] = nullptr;
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  return result.dump(2, ' ', false, kReplace) + "\n";
}

}  // namespace claptools::cmd
