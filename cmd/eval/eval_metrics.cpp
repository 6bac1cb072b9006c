#include "cmd/eval/eval_metrics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "claptools/metrics/metric_selection.hpp"
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
  names.insert(names.end(), {"f_score", "f_score_dtc05"});
  append_free_psds(options, names);
  return names;
}

}  // namespace

std::vector<std::string> classification_metrics(const EvalOptions& /*options*/) {
  return {"top1",
          "top5",
          "fold_averaged_accuracy",
          "mean_class_accuracy",
          "top1_ties_optimistic",
          "top5_ties_optimistic",
          "top1_ties_pessimistic",
          "top5_ties_pessimistic",
          "n_clips",
          "n_classes",
          "fold_accuracy",
          "per_class_accuracy"};
}

std::vector<std::string> tagging_metrics(const EvalOptions& /*options*/) {
  return {"macro_map",
          "macro_map_zero_for_missing",
          "micro_map",
          "weighted_map",
          "mauc",
          "dprime_of_mauc",
          "mean_of_class_dprimes",
          "n_clips",
          "n_classes",
          "per_class_ap",
          "per_class_auc",
          "per_class_dprime"};
}

std::vector<std::string> retrieval_metrics(const EvalOptions& /*options*/) {
  std::vector<std::string> names;
  for (const char* direction : {"t2a", "a2t"}) {
    for (const char* metric : {"r1", "r5", "r10", "r50", "medr", "meanr", "map10"}) {
      names.push_back(fmt::format("{}.{}", direction, metric));
    }
  }
  names.insert(names.end(), {"n_audio", "n_captions"});
  return names;
}

std::vector<std::string> detection_metrics(const EvalOptions& options) {
  if (!options.events.empty()) return event_list_metrics(options);
  std::vector<std::string> names;
  for (const auto& psds : default_psds()) names.push_back(psds.first);
  names.insert(names.end(), {"event_f1_best", "event_f1_best_decimals6", "event_f1_onset_only_best",
                             "event_f1_at", "segment_f1_best", "segment_f1_at",
                             "intersection_f1_best", "intersection_f1_at"});
  append_free_psds(options, names);
  return names;
}

std::vector<std::string> grounding_metrics(const EvalOptions& /*options*/) {
  return {"psds1",          "psds2",  "psds_2021",           "psds_05_no_max",
          "psds_05_max100", "th_auc", "n_items_with_events", "n_events"};
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
