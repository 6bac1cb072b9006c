#include "cmd/post/post_options.hpp"

#include <CLI/CLI.hpp>
#include <array>

#include "claptools/core/error.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {
namespace {

constexpr RealRange kThreshold{0, 1e9};

constexpr std::array kBoxOptions = {"--post-parameters", "--step-filter-length",
                                    "--merge-threshold-abs", "--merge-threshold-rel"};

}  // namespace

void add_post_options(CLI::App& app, PostArguments& arguments) {
  add_choice(app, "--post", arguments.post, {{"median", Post::median}, {"csebbs", Post::csebbs}},
             "events: median (default) filter, or csebbs: bounding boxes", "WORD");
  app.add_option("--post-parameters", arguments.parameters,
                 "csebbs: parameters of each class, as clap-eval detection --tune writes them")
      ->type_name("FILE");
  CsebbsParameters& csebbs = arguments.csebbs;
  add_number(app, "--step-filter-length", csebbs.step_filter_length_s, kStepFilterLength_s,
             "csebbs: length of the filter that finds changes (0.5)", "SECONDS");
  add_number(app, "--merge-threshold-abs", csebbs.merge_threshold_abs, kThreshold,
             "csebbs: merge events if the gap's score is lower by less (1)", "DIFFERENCE");
  add_number(app, "--merge-threshold-rel", csebbs.merge_threshold_rel, kThreshold,
             "csebbs: and by less than this factor (2)", "FACTOR");
}

void check_post_options(const CLI::App& app, const PostArguments& arguments) {
  const bool boxes = arguments.post == Post::csebbs;
  for (const char* name : kBoxOptions)
    if (!boxes && is_given(*app.get_option(name)))
      throw Error(Fault::usage, name, "needs --post csebbs");
  if (boxes && is_given(*app.get_option("--median")))
    throw Error(Fault::usage, "--median", "cannot go with --post csebbs");
}

}  // namespace claptools::cmd
