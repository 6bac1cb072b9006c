#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "claptools/dataset/batch_loader.hpp"
#include "claptools/dataset/batch_plan.hpp"
#include "claptools/dataset/manifest.hpp"
#include "claptools/engine/trainer.hpp"
#include "claptools/families/making.hpp"
#include "claptools/train/training_data.hpp"
#include "claptools/train/training_run.hpp"
#include "cmd/program/program.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

struct TrainArguments {
  std::vector<std::string> manifests, freeze;
  std::string output;
  bool resume = false, force = false, no_spec_augment = false, no_regulariser = false;
  std::uint64_t cache_mib = 0;
  StartOptions start;
  TrainerOptions trainer;
  ManifestOptions manifest;
  ValidationSource valid;
  BatchPlanOptions plan;
  LoaderOptions loader;
  RunOptions run;
};

/// All options of clap-train; defaults are the paper's.
void add_train_options(CLI::App& app, TrainArguments& arguments);

/// Checks words and numbers and spreads what several parts share (seed, threads, device).
/// @throws Error{usage}.
void resolve_options(TrainArguments& arguments, const Program& program,
                     const Communicator& processes);

/// Names and values of the options that shape the run, as describe_run() takes them.
std::vector<std::pair<std::string, std::string>> options_of_run(const CLI::App& app);

/// Config, weights and vocabulary to start from.
/// @throws Error{usage}, {no_input}, {data}.
ModelFiles read_start(const StartOptions& options, std::uint64_t seed, const Program& program);

}  // namespace claptools::cmd
