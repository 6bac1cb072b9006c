#include "claptools/metrics/psds/psds_collector.hpp"

#include <algorithm>

#include "claptools/metrics/psds/filtered_psds.hpp"

namespace claptools {
namespace {

constexpr const char* kNonOracle = "_non_oracle";
constexpr const char* kAt = "_at";
constexpr const char* kAnyFilter = "_median_filter_independent";

/// The scenarios of DCASE.
std::vector<NamedPsds> scenarios() {
  std::vector<NamedPsds> psds = default_psds();
  psds.resize(2);
  return psds;
}

}  // namespace

std::vector<std::string> derived_psds() {
  std::vector<std::string> names;
  for (const auto& [name, parameters] : scenarios())
    for (const char* kind : {kNonOracle, kAt, kAnyFilter}) names.push_back(name + kind);
  return names;
}

PsdsCollector::PsdsCollector(const std::vector<NamedPsds>& psds, const MetricSelection& metrics) {
  for (const NamedPsds& given : psds) {
    variants_.emplace_back();
    variants_.back().psds = given;
    variants_.back().given = true;
  }
  for (const NamedPsds& scenario : scenarios()) {
    const auto wants = [&](const char* kind) { return metrics.needs(scenario.first + kind); };
    if (!wants(kNonOracle) && !wants(kAt) && !wants(kAnyFilter)) continue;
    auto found = std::ranges::find_if(
        variants_, [&](const Variant& v) { return v.psds.first == scenario.first; });
    if (found == variants_.end()) {
      found = variants_.emplace(found);
      found->psds = scenario;
    }
    found->non_oracle = wants(kNonOracle);
    found->at_threshold = wants(kAt);
    found->any_filter = wants(kAnyFilter);
  }
}

std::vector<RunCounter*> PsdsCollector::begin(const GroundTruth& truth, std::size_t c,
                                              double threshold) {
  counters_.clear();
  counters_.reserve(variants_.size());
  std::vector<RunCounter*> counters;
  for (const Variant& v : variants_) {
    PsdsExtras extras{v.non_oracle, std::nullopt};
    if (v.at_threshold) extras.threshold = threshold;
    counters.push_back(&counters_.emplace_back(truth, c, v.psds.second, extras));
  }
  return counters;
}

void PsdsCollector::end(const DetectionFrames& frames, const GroundTruth& truth, std::size_t c) {
  std::vector<PsdsParameters> filtered;
  for (const Variant& v : variants_)
    if (v.any_filter) filtered.push_back(v.psds.second);
  std::vector<PsdPoints> more;
  if (!filtered.empty()) more = filtered_points(frames, truth, c, filtered);
  auto own = more.begin();
  for (std::size_t i = 0; i < variants_.size(); ++i) {
    Variant& v = variants_[i];
    v.points.push_back(counters_[i].points());
    if (v.non_oracle) v.all_points.push_back(counters_[i].all_points());
    if (v.at_threshold) v.at_points.push_back(counters_[i].at_threshold());
    if (!v.any_filter) continue;
    own->insert(own->end(), v.points.back().begin(), v.points.back().end());
    v.filter_points.push_back(std::move(*own++));
  }
}

NamedPsdRocs PsdsCollector::psds() const {
  NamedPsdRocs rocs;
  for (const Variant& v : variants_) {
    const auto& [name, p] = v.psds;
    if (v.given) rocs.emplace_back(name, psd_roc(v.points, p.alpha_st, p.max_efpr));
  }
  return rocs;
}

NamedPsdRocs PsdsCollector::derived() const {
  NamedPsdRocs rocs;
  for (const Variant& v : variants_) {
    const auto& [name, p] = v.psds;
    const auto add = [&, &name = name, &p = p](const char* kind, const auto& points, PsdTpr tpr) {
      rocs.emplace_back(name + kind, psd_roc(points, p.alpha_st, p.max_efpr, tpr));
    };
    if (v.non_oracle) add(kNonOracle, v.all_points, PsdTpr::own);
    if (v.at_threshold) add(kAt, v.at_points, PsdTpr::highest);
    if (v.any_filter) add(kAnyFilter, v.filter_points, PsdTpr::highest);
  }
  return rocs;
}

}  // namespace claptools
