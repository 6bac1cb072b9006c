#include "claptools/metrics/sed/error_rates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace claptools {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double ratio(std::size_t errors, std::size_t events) {
  return events == 0 ? kNan : static_cast<double>(errors) / static_cast<double>(events);
}

}  // namespace

ErrorRates error_rates(std::span<const ClassFScore> per_class, std::size_t substitutions) {
  ErrorRates rates;
  std::size_t all_errors = 0, all_events = 0;
  for (const ClassFScore& c : per_class) {
    const std::size_t errors = c.events - c.counts.true_positives + c.counts.false_positives;
    rates.per_class.push_back(ratio(errors, c.events));
    all_errors += errors;
    all_events += c.events;
  }
  rates.macro = mean_of_defined(rates.per_class);
  rates.micro = ratio(all_errors - substitutions, all_events);
  return rates;
}

void SubstitutionCounter::add(std::span<const ScoredSegment> segments, const ScoreCodes& codes,
                              double threshold) {
  misses_.resize(segments.size());
  alarms_.resize(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool is_detected = codes.score(segments[i].score) > threshold;
    if (is_detected != segments[i].positive) ++(is_detected ? alarms_ : misses_)[i];
  }
}

std::size_t SubstitutionCounter::count() const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < misses_.size(); ++i) sum += std::min(misses_[i], alarms_[i]);
  return sum;
}

MetricValues to_metrics(const ErrorRates& rates, const std::string& name,
                        std::span<const std::string> classes) {
  MetricValues values{{name + ".macro_average", "", rates.macro},
                      {name + ".micro_average", "", rates.micro}};
  for (std::size_t c = 0; c < classes.size(); ++c)
    values.push_back({name, classes[c], rates.per_class[c]});
  return values;
}

double mean_of_defined(std::span<const double> values) {
  double sum = 0;
  std::size_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? kNan : sum / static_cast<double>(count);
}

}  // namespace claptools
