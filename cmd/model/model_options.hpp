#pragma once

#include <filesystem>
#include <string>

#include "claptools/models/opened_model.hpp"
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

/// Loads the model on --device. @throws Error as read_model_files and claptools::open_model.
OpenedModel open_model(const ModelChoice& choice, const Program& program,
                       Workload workload = Workload::few, Precision precision = Precision::fp32);

/// share/clap-tools/ beside the folder of the programs.
std::filesystem::path share_folder();

/// The vocabulary of models that come without one.
std::filesystem::path default_vocabulary();

}  // namespace claptools::cmd
