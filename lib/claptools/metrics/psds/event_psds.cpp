#include "claptools/metrics/psds/event_psds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace claptools {
namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double length(const TruthEvent& event) { return event.offset_s - event.onset_s; }

double overlap(const TruthEvent& a, const TruthEvent& b) {
  return std::max(0.0, std::min(a.offset_s, b.offset_s) - std::max(a.onset_s, b.onset_s));
}

/// A share of 0 reaches nothing, not even a threshold of 0.
bool reaches(double share, double threshold) { return share > 0 && share >= threshold; }

/// Mean of a row of ctr without what is not defined; 0 if nothing is.
double mean_defined(std::span<const double> rates) {
  double sum = 0;
  std::size_t count = 0;
  for (const double rate : rates) {
    if (std::isnan(rate)) continue;
    sum += rate;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace

void count_clip(std::span<const TruthEvent> truth, std::span<const TruthEvent> detections,
                double duration_s, const EventCriteria& criteria, EventCounts& counts) {
  std::vector<double> covered(truth.size());   // share of each event
  std::vector<double> shares(counts.classes);  // of a detection, by class
  for (const TruthEvent& detection : detections) {
    const std::size_t own = detection.class_index;
    std::ranges::fill(shares, 0);
    for (const TruthEvent& event : truth) {
      const double common = overlap(detection, event);
      if (common > 0) shares[event.class_index] += common / length(detection);
    }
    if (reaches(shares[own], criteria.dtc)) {
      for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth[i].class_index != own) continue;
        covered[i] += overlap(detection, truth[i]) / length(truth[i]);
      }
      continue;
    }
    if (detection.onset_s < duration_s) ++counts.at(own, counts.classes);
    for (std::size_t c = 0; c < counts.classes; ++c) {
      if (c != own && reaches(shares[c], criteria.cttc)) ++counts.at(own, c);
    }
  }
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::size_t c = truth[i].class_index;
    if (reaches(covered[i], criteria.gtc)) ++counts.at(c, c);
  }
}

EventTotals::EventTotals(const GroundTruth& truth)
    : events(truth.classes.size()), seconds(truth.classes.size()) {
  for (const TruthEvent& event : truth.events) {
    ++events[event.class_index];
    seconds[event.class_index] += length(event);
  }
  for (const double clip_s : truth.durations_s) duration_s += clip_s;
}

EventRates event_rates(const EventCounts& counts, const EventTotals& totals) {
  const std::size_t n = counts.classes;
  EventRates rates{std::vector<double>(n), std::vector<double>(n), {n, std::vector<double>(n)}};
  for (std::size_t i = 0; i < n; ++i) {
    if (totals.events[i] > 0) {
      rates.tpr[i] = static_cast<double>(counts.at(i, i)) / static_cast<double>(totals.events[i]);
    }
    rates.fpr[i] =
        static_cast<double>(counts.false_positives(i)) * kSecondsPerHour / totals.duration_s;
    for (std::size_t j = 0; j < n; ++j) {
      const bool defined = i != j && totals.events[j] > 0;
      rates.ctr[i][j] =
          defined ? static_cast<double>(counts.at(i, j)) * kSecondsPerHour / totals.seconds[j]
                  : kNaN;
    }
  }
  return rates;
}

std::vector<PsdPoints> psd_points(std::span<const EventCounts> operating_points,
                                  const EventTotals& totals, double alpha_ct) {
  std::vector<PsdPoints> points(totals.events.size());
  for (const EventCounts& counts : operating_points) {
    const EventRates rates = event_rates(counts, totals);
    for (std::size_t c = 0; c < points.size(); ++c) {
      const double efpr = rates.fpr[c] + alpha_ct * mean_defined(rates.ctr[c]);
      points[c].push_back({efpr, rates.tpr[c]});
    }
  }
  return points;
}

std::optional<PsdRoc> event_psds(std::span<const EventCounts> operating_points,
                                 const EventTotals& totals, const PsdsLimits& limits) {
  const auto points = psd_points(operating_points, totals, limits.alpha_ct);
  const bool any_efpr = std::ranges::any_of(points, [](const PsdPoints& of_class) {
    return std::ranges::any_of(of_class, [](const PsdPoint& p) { return p.efpr > 0; });
  });
  if (!limits.max_efpr && !any_efpr) return std::nullopt;
  return psd_roc(points, limits.alpha_st, limits.max_efpr);
}

}  // namespace claptools
