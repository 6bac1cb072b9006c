#include "cmd/model/model_options.hpp"

#include <CLI/CLI.hpp>
#include <future>
#include <system_error>

#include "claptools/core/error.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/store/digest.hpp"

namespace claptools::cmd {
namespace {

namespace fs = std::filesystem;

fs::path model_path(const ModelChoice& choice) {
  if (!choice.model.empty()) return choice.model;
  const fs::path installed = share_folder() / "model";
  if (fs::exists(installed)) return installed;
  throw Error(Fault::usage, "no model", "give --model PATH or set CLAP_MODEL");
}

std::string config_sha256(const ModelFiles& files) {
  const MappedFile vocabulary(files.vocabulary);
  const std::string config = files.architecture->config_json();
  Sha256 digest;
  digest.update(std::as_bytes(std::span<const char>(config)));
  digest.update(vocabulary.bytes());
  return digest.hex();
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
  const ModelPaths paths{model_path(choice), choice.config, choice.vocabulary,
                         share_folder() / "vocab-bert-base-uncased.txt"};
  return claptools::read_model_files(paths, program.messages.log());
}

std::string weights_sha256(const ModelFiles& files) {
  Sha256 digest;
  visit_weight_bytes(files, [&](std::span<const std::byte> bytes) { digest.update(bytes); });
  return digest.hex();
}

OpenedModel open_model(const ModelChoice& choice, const Program& program, Workload workload,
                       Precision precision) {
  const ModelFiles files = read_model_files(choice, program);
  auto sha256 = std::async(std::launch::async, [&files] { return weights_sha256(files); });
  auto model = Model::load(files, {program.device, precision, workload}, program.messages.log());
  program.messages.detail("model '" + model->spec().name + "' on " + model->device());
  return {std::move(model), sha256.get(), config_sha256(files), files.path.native()};
}

std::string describe_model(const std::string& name, const std::string& sha256) {
  return "'" + name + "' (" + sha256.substr(0, 12) + ")";
}

void require_same_model(const OpenedModel& opened, const std::string& subject,
                        const std::string& model_name, const std::string& model_sha256) {
  if (opened.sha256 == model_sha256) return;
  throw Error(Fault::data, subject,
              "was made with model " + describe_model(model_name, model_sha256) + ", not with " +
                  describe_model(opened.model->spec().name, opened.sha256));
}

fs::path share_folder() {
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  return program.parent_path().parent_path() / "share" / "clap-tools";
}

}  // namespace claptools::cmd
