#include "cmd/model/model_options.hpp"

#include <CLI/CLI.hpp>
#include <system_error>

#include "claptools/core/error.hpp"
#include "claptools/models/hub_cache.hpp"

namespace claptools::cmd {
namespace {

namespace fs = std::filesystem;

fs::path model_path(const ModelChoice& choice) {
  if (!choice.model.empty()) return find_model(choice.model);
  const fs::path installed = share_folder() / "model";
  if (fs::exists(installed)) return installed;
  throw Error(Fault::usage, "no model", "give --model PATH or set CLAP_MODEL");
}

ModelPaths paths_of(const ModelChoice& choice) {
  return {model_path(choice), choice.config, choice.vocabulary, share_folder()};
}

}  // namespace

void add_model_options(CLI::App& app, ModelChoice& choice) {
  constexpr const char* kGroup = "Model";
  app.add_option("--model", choice.model, "directory or checkpoint; default: $CLAP_MODEL")
      ->type_name("PATH")
      ->group(kGroup);
  app.add_option("--model-config", choice.config, "config.json of a checkpoint")
      ->type_name("FILE")
      ->group(kGroup);
  app.add_option("--vocab", choice.vocabulary, "vocabulary of a checkpoint")
      ->type_name("FILE")
      ->group(kGroup);
}

ModelFiles read_model_files(const ModelChoice& choice, const Program& program) {
  return claptools::read_model_files(paths_of(choice), program.messages.log());
}

OpenedModel open_model(const ModelChoice& choice, const Program& program, Workload workload,
                       Precision precision) {
  return claptools::open_model(paths_of(choice), {program.device, precision, workload},
                               program.messages.log());
}

fs::path share_folder() {
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  return program.parent_path().parent_path() / "share" / "clap-tools";
}

fs::path default_vocabulary() { return share_folder() / "vocab-bert-base-uncased.txt"; }

}  // namespace claptools::cmd
