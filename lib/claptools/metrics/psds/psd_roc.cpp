#include "claptools/metrics/psds/psd_roc.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

/// The points where the TPR changes, from eFPR 0 to at most `max_efpr`; the eFPR rises strictly.
PsdPoints staircase(PsdPoints points, double max_efpr, PsdTpr kind) {
  std::erase_if(points, [max_efpr](const PsdPoint& p) { return p.efpr > max_efpr; });
  std::sort(points.begin(), points.end(), [](const PsdPoint& a, const PsdPoint& b) {
    return std::tie(a.efpr, a.tpr) < std::tie(b.efpr, b.tpr);
  });
  PsdPoints steps{{0, 0}};
  for (const PsdPoint& p : points) {
    const double before = steps.back().tpr;
    if (kind == PsdTpr::highest ? p.tpr <= before : p.tpr == before) continue;
    if (steps.back().efpr == p.efpr) steps.pop_back();
    steps.push_back(p);
  }
  return steps;
}

double normalised_area(std::span<const double> x, std::span<const double> y, double max_x) {
  double area = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    area += y[i] * ((i + 1 < x.size() ? x[i + 1] : max_x) - x[i]);
  }
  return area / max_x;
}

double normalised_area(const PsdPoints& steps, double max_efpr) {
  std::vector<double> x;
  std::vector<double> y;
  for (const PsdPoint& p : steps) {
    x.push_back(p.efpr);
    y.push_back(p.tpr);
  }
  return normalised_area(x, y, max_efpr);
}

double largest_efpr(std::span<const PsdPoints> classes) {
  double largest = 0;
  for (const PsdPoints& points : classes) {
    for (const PsdPoint& p : points) largest = std::max(largest, p.efpr);
  }
  if (largest == 0) throw Error(Fault::data, "PSDS", "no false positive, so no largest eFPR");
  return largest;
}

/// Where the curve may change, and its end.
std::vector<double> all_efpr(std::span<const PsdPoints> staircases, double max_efpr) {
  std::vector<double> efpr{max_efpr};
  for (const PsdPoints& steps : staircases) {
    for (const PsdPoint& p : steps) efpr.push_back(p.efpr);
  }
  std::sort(efpr.begin(), efpr.end());
  efpr.erase(std::unique(efpr.begin(), efpr.end()), efpr.end());
  return efpr;
}

double mean_of(std::span<const double> tpr) {
  const auto n = static_cast<double>(tpr.size());
  double mean = 0;
  for (const double value : tpr) mean += value / n;
  return mean;
}

double effective_tpr(std::span<const double> tpr, double mean, double alpha_st) {
  const auto n = static_cast<double>(tpr.size());
  double variance = 0;
  for (const double value : tpr) variance += (value - mean) * (value - mean) / n;
  return std::max(0.0, mean - alpha_st * std::sqrt(variance));
}

}  // namespace

PsdRoc psd_roc(std::span<const PsdPoints> classes, double alpha_st, std::optional<double> max_efpr,
               PsdTpr tpr_kind) {
  if (classes.empty()) throw Error(Fault::data, "PSDS", "no class");
  PsdRoc roc;
  roc.max_efpr = max_efpr ? *max_efpr : largest_efpr(classes);
  std::vector<PsdPoints> staircases;
  for (const PsdPoints& points : classes) {
    staircases.push_back(staircase(points, roc.max_efpr, tpr_kind));
    roc.per_class.push_back(normalised_area(staircases.back(), roc.max_efpr));
  }
  roc.efpr = all_efpr(staircases, roc.max_efpr);
  std::vector<double> tpr(classes.size());
  std::vector<std::size_t> next(classes.size());
  for (const double x : roc.efpr) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      const PsdPoints& steps = staircases[c];
      while (next[c] < steps.size() && steps[next[c]].efpr <= x) tpr[c] = steps[next[c]++].tpr;
    }
    roc.mean_tpr.push_back(mean_of(tpr));
    roc.etpr.push_back(effective_tpr(tpr, roc.mean_tpr.back(), alpha_st));
  }
  roc.psds = normalised_area(roc.efpr, roc.etpr, roc.max_efpr);
  roc.classes = std::move(staircases);
  return roc;
}

}  // namespace claptools
