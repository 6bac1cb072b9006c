#include "claptools/metrics/psds/psds.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace claptools {
namespace {

constexpr double kSecondsPerHour = 3600;

}  // namespace

std::vector<NamedPsds> default_psds() {
  return {{"psds1", {{0.7, 0.7, {}}, 0, 1}},
          {"psds2", {{0.1, 0.1, 0.3}, 0.5, 1}},
          {"psds_dtc05_ct0_st0", {{0.5, 0.5, {}}, 0, 0}},
          {"psds_dtc05_ct1_st0", {{0.5, 0.5, 0.3}, 1, 0}}};
}

PsdsCounter::PsdsCounter(const GroundTruth& truth, std::size_t c, const PsdsParameters& parameters,
                         const PsdsExtras& extras)
    : IntersectionCounter(truth, c, parameters.criteria),
      parameters_(parameters),
      extras_(extras),
      total_s_(std::accumulate(truth.durations_s.begin(), truth.durations_s.end(), 0.0)),
      class_seconds_(truth.classes.size()),
      least_efpr_(events() + 1, std::numeric_limits<double>::infinity()) {
  for (const TruthEvent& event : truth.events) {
    class_seconds_[event.class_index] += event.offset_s - event.onset_s;
  }
}

void PsdsCounter::reach(double score) {
  const double tpr_now = tpr(counts().true_positives);
  if (extras_.threshold && score > *extras_.threshold) at_threshold_ = {efpr(), tpr_now};
  double& least = least_efpr_[counts().true_positives];
  const double lower_bound =
      kSecondsPerHour * static_cast<double>(counts().false_positives) / total_s_;
  const double bound = extras_.all_points ? std::numeric_limits<double>::infinity() : least;
  if (parameters_.max_efpr && lower_bound > std::min(bound, *parameters_.max_efpr)) return;
  const double reached = efpr();
  least = std::min(least, reached);
  largest_efpr_ = std::max(largest_efpr_, reached);
  const bool is_new = all_.empty() || all_.back().efpr != reached || all_.back().tpr != tpr_now;
  if (extras_.all_points && is_new) all_.push_back({reached, tpr_now});
}

double PsdsCounter::tpr(std::size_t true_positives) const {
  return static_cast<double>(true_positives) / static_cast<double>(events());
}

double PsdsCounter::efpr() const {
  double rate = static_cast<double>(counts().false_positives) / total_s_;
  const std::size_t classes = class_seconds_.size();
  if (parameters_.alpha_ct != 0 && classes > 1) {
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k) {  // the own class triggers nothing
      sum += static_cast<double>(cross_triggers()[k]) / class_seconds_[k];
    }
    rate += parameters_.alpha_ct * sum / static_cast<double>(classes - 1);
  }
  return kSecondsPerHour * rate;
}

PsdPoints PsdsCounter::points() const {
  PsdPoints points{{largest_efpr_, 0}};
  for (std::size_t tp = 0; tp < least_efpr_.size(); ++tp) {
    points.push_back({least_efpr_[tp], tpr(tp)});
  }
  std::erase_if(points, [](const PsdPoint& p) { return std::isinf(p.efpr); });
  return points;
}

}  // namespace claptools
