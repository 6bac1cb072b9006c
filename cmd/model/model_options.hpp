#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "claptools/engine/model.hpp"
#include "cmd/program/program.hpp"

namespace claptools::cmd {

/// Which model; the device is among the common options.
struct ModelChoice {
  std::string model;       ///< empty: the model installed with the tools, if there is one
  std::string config;      ///< empty: as the model says
  std::string vocabulary;  ///< empty: beside the model, or that of the tools
};

/// --model, --model-config, --vocab.
void add_model_options(CLI::App& app, ModelChoice& choice);

/// @throws Error{usage} if there is no model to take, and as claptools::read_model_files.
ModelFiles read_model_files(const ModelChoice& choice, const Program& program);

/// 64 hexadecimal digits: the attribute `model_sha256`.
std::string weights_sha256(const ModelFiles& files);

struct OpenedModel {
  std::unique_ptr<Model> model;
  std::string sha256;         ///< of the weights
  std::string config_sha256;  ///< of the configuration and the vocabulary
  std::string path;           ///< the model that was chosen, also where no option named one
};

/// Loads the model on --device; its digest is computed meanwhile.
/// @throws Error as read_model_files and Model::load.
OpenedModel open_model(const ModelChoice& choice, const Program& program,
                       Workload workload = Workload::few, Precision precision = Precision::fp32);

/// A model's name and the first digits of its digest, for messages.
std::string describe_model(const std::string& name, const std::string& sha256);

/// @throws Error{data} naming both models if `opened` did not make what `subject` holds.
void require_same_model(const OpenedModel& opened, const std::string& subject,
                        const std::string& model_name, const std::string& model_sha256);

/// share/clap-tools/ beside the folder of the programs.
std::filesystem::path share_folder();

}  // namespace claptools::cmd
