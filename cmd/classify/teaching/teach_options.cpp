#include "cmd/classify/teaching/teach_options.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/store/hdf5/own_file.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"

namespace claptools::cmd {
namespace {

constexpr const char* kGroup = "Teaching";

/// What only makes sense once there are classes.
constexpr std::array kOfResults = {
    "--labels",     "--prompt", "--prompts",      "--phrases", "--thresholds",   "--classifier",
    "--background", "--top-k",  "--softmax",      "--events",  "--grounding",    "--explain",
    "--threshold",  "--median", "--min-duration", "--max-gap", "--whole-window", "--scores",
    "--plot",       "--report", "--truth",        "--wide"};

constexpr std::array kOfTeaching = {"--method", "--C",         "--neighbours",
                                    "--folds",  "--basenames", "--stems"};

void refuse(const CLI::App& app, const char* name, const char* reason) {
  if (is_given(*app.get_option(name))) throw Error(Fault::usage, name, reason);
}

}  // namespace

void add_teach_options(CLI::App& app, TeachArguments& arguments) {
  TeachOptions& how = arguments.how;
  app.add_option("--teach", arguments.labels,
                 "learn the classes of this table (id, label) from INPUT; -o names the classifier")
      ->type_name("FILE")
      ->group(kGroup);
  add_choice(app, "--method", how.method,
             {{"auto", TeachMethod::automatic},
              {"logistic", TeachMethod::logistic},
              {"knn", TeachMethod::nearest}},
             "logistic, knn, or auto (knn where most classes have under 5 recordings)", "NAME")
      ->group(kGroup);
  add_number(app, "--C", how.c, RealRange{0, 1e9, "", true},
             "logistic: inverse strength of the L2 penalty (by cross-validation)", "NUMBER")
      ->group(kGroup);
  add_number(app, "--neighbours", how.neighbours, WholeRange{1, 1000},
             "knn: how many vote (1, 3 or 5, whichever does best)", "N")
      ->group(kGroup);
  add_number(app, "--folds", how.folds, WholeRange{2, 1000},
             "logistic: folds of the cross-validation (5, or the column fold)", "N")
      ->group(kGroup);
  app.add_flag("--basenames", arguments.names.basenames,
               "compare only the part of file names after the last slash")
      ->group(kGroup);
  app.add_flag("--stems", arguments.names.stems, "compare file names without their last extension")
      ->group(kGroup);
}

void check_teach_options(const CLI::App& app, const TeachArguments& arguments,
                         const TableOptions& table, std::vector<std::string> files) {
  for (const char* name : kOfResults) refuse(app, name, "cannot go with --teach");
  if (arguments.how.method == TeachMethod::nearest) {
    for (const char* name : {"--C", "--folds"}) refuse(app, name, "is not used by --method knn");
  } else if (arguments.how.method == TeachMethod::logistic) {
    refuse(app, "--neighbours", "is not used by --method logistic");
  }
  if (!is_given(*app.get_option("--output")))
    throw Error(Fault::usage, "--teach", "needs -o FILE, the classifier to write");
  files.push_back(arguments.labels);
  require_one_stream(files);
  require_fitting_name(table.output, Content::classifier);
  require_no_input(table.output, files);
  require_creatable(table.output, table.force);
  if (table.force) require_own_file(table.output);
}

void refuse_teach_options(const CLI::App& app) {
  for (const char* name : kOfTeaching) refuse(app, name, "needs --teach");
}

}  // namespace claptools::cmd
