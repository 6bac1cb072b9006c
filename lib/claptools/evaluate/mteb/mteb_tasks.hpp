#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"

namespace claptools {

/// The version of mteb whose names, definitions and files are meant.
inline constexpr const char* kMtebVersion = "2.26.24";

/// A task of the scoreboard of mteb (MAEB: sound and text), and what its result files must say.
struct MtebTask {
  std::string name;
  MtebKind kind = MtebKind::none;
  std::string revision;  ///< of its data set, 40 hexadecimal digits
  std::string split;     ///< that is evaluated
  std::string subset = "default";
  std::vector<std::string> languages;  ///< "eng-Latn"; "zxx-Zxxx" is none
  std::string main_score;
};

/// What is typed for a task.
struct MtebRequest {
  std::string task = {};
  std::string revision = {};  ///< another than that known, or that of an unknown task
  std::string split = {};     ///< the same
};

/// @param evaluation "classification", "tagging" or "retrieval".
/// A task that is not known is taken if its revision and its split are given; its language is
/// English and its main score that of most tasks (hit_rate_at_5, accuracy or lrap). If its name has
/// "A2T" in it, recordings are the queries.
/// @throws Error{usage} naming `mteb_task` for one that is not known, with the nearest that is, or
/// that is of another evaluation; naming `mteb_revision` for what is not 40 hexadecimal digits.
MtebTask find_mteb_task(const MtebRequest& request, std::string_view evaluation);

/// All that are known, by name.
std::vector<MtebTask> mteb_tasks();

/// The values of a result file, main score first. @throws Error{data} if the main score is not
/// among the values, or not defined.
MetricValues mteb_scores(const MtebTask& task, const Evaluation& evaluation);

}  // namespace claptools
