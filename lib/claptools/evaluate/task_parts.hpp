// Internal to the room: what the tasks have in common.
#pragma once

#include <cstddef>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/evaluate/evaluation.hpp"
#include "claptools/metrics/retrieval/matrix_rows.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"
#include "claptools/metrics/sed/detection_f1.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"
#include "claptools/store/scores/score_file.hpp"

namespace claptools {

/// Runs `work`; an Error of its own subject then begins with the file concerned.
template <typename Work>
auto about(const std::string& file, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.subject() == file) throw;
    throw Error(error.fault(), file, error.what());
  }
}

/// How names are joined, as the options say. @param failed inputs without scores.
MatchOptions match_options(const EvaluationOptions& options, std::vector<std::string> failed);

/// Some of the items, in the order given.
template <class Items>
auto some_of(const Items& items, std::span<const std::size_t> positions) {
  std::vector<std::ranges::range_value_t<Items>> some;
  some.reserve(positions.size());
  for (const std::size_t i : positions) some.push_back(items[i]);
  return some;
}

/// Model, prompts and maker of a score file, where it tells.
ReportRows origin_rows(const Provenance& origin, std::span<const std::string> classes);

/// Of classes that were searched for their best threshold.
std::vector<std::pair<std::string, double>> best_thresholds(std::span<const ClassFScore> per_class,
                                                            std::span<const std::string> classes);

/// Adds the total kMissing, and its name.
void count_missing(Evaluation& evaluation);
std::vector<std::string> with_missing(std::vector<std::string> names);

}  // namespace claptools
