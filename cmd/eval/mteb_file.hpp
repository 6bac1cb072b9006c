#pragma once

#include <optional>
#include <string>

#include "claptools/evaluate/mteb/mteb_tasks.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// A result file of mteb, as it is typed.
struct MtebArguments {
  std::string file;  ///< to write; may be empty
  MtebRequest request;
  double threshold = 0.5;  ///< of tagging
};

/// --mteb, --task, --mteb-revision, --mteb-split.
void add_mteb_options(CLI::App& app, MtebArguments& arguments);

/// --mteb-threshold of tagging.
void add_mteb_threshold(CLI::App& app, MtebArguments& arguments);

/// @return nothing if no file is asked for. @throws Error{usage} as find_mteb_task.
std::optional<MtebTask> mteb_task(const MtebArguments& arguments, const std::string& evaluation);

/// What TaskResult.from_disk() of mteb reads: the scores of one split and subset. It has no time of
/// its evaluation, so that the same input gives the same file.
std::string mteb_json(const MtebTask& task, const Evaluation& evaluation);

}  // namespace claptools::cmd
