#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"

namespace claptools {

/// How sure the difference of a metric is, from resamples that both systems share.
struct PairedBootstrap {
  double low = 0, high = 0;  ///< 95 % percentile interval of the difference
  /// (1 + resamples in which the difference is 0 or has the other sign) / (1 + resamples).
  double p = 1;
};

/// A metric of two systems.
struct ComparedMetric {
  std::string metric;
  std::string class_name;            ///< empty for a total
  std::optional<double> a, b;        ///< none: only the other system has it
  std::optional<double> difference;  ///< b - a; none unless both are defined and it is a number
  std::optional<PairedBootstrap> bootstrap;
};

/// Metrics side by side: those of `a` in their order, then those that only `b` has. NAME.ci_low and
/// NAME.ci_high are left out.
/// @param a_samples, b_samples of the same resamples, or none.
/// Source: Koehn, "Statistical significance tests for machine translation evaluation", 2004.
std::vector<ComparedMetric> compare(const MetricValues& a, const MetricValues& b,
                                    std::span<const MetricSamples> a_samples = {},
                                    std::span<const MetricSamples> b_samples = {});

/// Evaluates one system as the options say.
using Evaluator = std::function<Evaluation(const EvaluationOptions&)>;

/// Two systems on the clips that both have scored, with the same resamples of them. An evaluator is
/// called again if it has clips that the other lacks, or other names for them.
/// @throws Error{data} if they have no clip in common; what the evaluators throw.
std::pair<Evaluation, Evaluation> evaluate_pair(const Evaluator& a, const Evaluator& b,
                                                EvaluationOptions options);

}  // namespace claptools
