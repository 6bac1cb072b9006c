#include "cmd/eval/eval_metrics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "claptools/metrics/metric_selection.hpp"
#include "claptools/metrics/sed/detection_scores.hpp"
#include "claptools/metrics/sed/event_lists.hpp"

namespace claptools::cmd {
namespace {

void append_free_psds(const EvalOptions& options, std::vector<std::string>& names) {
  for (const auto& [name, parameters] : parse_psds(options)) {
    if (std::ranges::count(names, name) > 0) {
      throw Error(Fault::usage, "--psds", "there is another '" + name + "'; add name=NAME");
    }
    names.push_back(name);
  }
}

std::vector<std::string> event_list_metrics(const EvalOptions& options) {
  std::vector<std::string> names;
  for (const PsdsVariant& variant : event_list_variants()) names.push_back(variant.name);
  std::ranges::copy(event_list_f_metrics(), std::back_inserter(names));
  append_free_psds(options, names);
  return names;
}

}  // namespace

std::vector<std::string> detection_metrics(const EvalOptions& options) {
  if (!options.events.empty()) return event_list_metrics(options);
  std::vector<std::string> names;
  for (const auto& psds : default_psds()) names.push_back(psds.first);
  std::ranges::copy(detection_f_metrics(), std::back_inserter(names));
  append_free_psds(options, names);
  return names;
}

void require_known(const std::string& name, const std::string& option,
                   const std::vector<std::string>& known) {
  const bool is_known = std::ranges::any_of(
      known, [&](const auto& other) { return is_part_of(name, other) || is_part_of(other, name); });
  if (is_known) return;
  const std::string nearest = nearest_word(name, known);
  const std::string hint = nearest.empty() ? "" : "; did you mean '" + nearest + "'?";
  throw Error(
      Fault::usage, option,
      fmt::format("there is no metric '{}'; there are {}{}", name, fmt::join(known, ", "), hint));
}

}  // namespace claptools::cmd
