#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// A generator whose numbers are the same on every machine: xoshiro256**, seeded with splitmix64.
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021.
class Xoshiro256 {
 public:
  explicit Xoshiro256(std::uint64_t seed);
  std::uint64_t operator()();
  /// Each of 0 .. bound - 1 equally often. @param bound above 0.
  std::size_t below(std::size_t bound);

 private:
  std::uint64_t state_[4];
};

/// How resamples are drawn.
enum class ResamplingScheme {
  independent,  ///< each clip of each resample for itself
  /// As many copies of each clip as resamples, shuffled and dealt out: in all resamples together
  /// each clip comes equally often. Source: Davison, Hinkley and Schechtman, "Efficient bootstrap
  /// simulation", Biometrika, 1986. Drawn as sed_scores_eval draws it: MT19937 and the shuffle of
  /// NumPy's RandomState, whose first seed is 0.
  balanced,
};

struct BootstrapOptions {
  std::size_t resamples = 1000;
  std::uint64_t seed = 1;  ///< below 2^32 for balanced ones
  double level = 0.95;
  std::size_t threads = 1;  ///< that score resamples at the same time; changes no result
  ResamplingScheme scheme = ResamplingScheme::independent;
};

/// The positions 0 .. clips - 1 once for each resample, shuffled.
/// @throws Error{usage} for a seed of more than 32 bits or more than 2^28 positions in all.
std::vector<std::uint32_t> balanced_draws(std::size_t clips, std::size_t resamples,
                                          std::uint64_t seed);

/// Where a metric lies in a share `level` of the resamples: from the (1 - level) / 2 quantile to
/// its counterpart, linear between neighbouring values.
struct MetricInterval {
  std::string metric;
  std::string class_name;
  double low = 0;
  double high = 0;
  std::size_t resamples = 0;  ///< those in which the metric is defined; the bounds are NaN at 0
};

/// A metric in every resample.
struct MetricSamples {
  std::string metric;
  std::string class_name;
  std::vector<double> values;  ///< [resamples], in the order drawn; NaN where it is not defined
};

/// Resamples of clips, which depend on the number of clips and on the seed alone: two systems that
/// are scored on the same clips in the same order have the same resamples.
/// @param score as of bootstrap_intervals(); `level` has no meaning.
/// @return metrics in the order of their first appearance.
/// @throws Error{usage} as bootstrap_intervals().
std::vector<MetricSamples> bootstrap_samples(
    std::size_t clips, const std::function<MetricValues(std::span<const std::size_t>)>& score,
    const BootstrapOptions& options = {});

/// The interval that holds a share `level` of the values that are defined.
MetricInterval interval_of(MetricSamples samples, double level);

/// Percentile bootstrap over clips.
/// @param score the metrics of a resample: positions of clips, as many as there are, some of them
///              several times. A metric it leaves out or gives as NaN is not defined there.
///              With several threads it is called by several at once.
/// @return intervals in the order in which metrics first appear.
/// @throws Error{usage} for no clip, no resample, a level that is not between 0 and 1, and as
/// balanced_draws().
std::vector<MetricInterval> bootstrap_intervals(
    std::size_t clips, const std::function<MetricValues(std::span<const std::size_t>)>& score,
    const BootstrapOptions& options = {});

}  // namespace claptools
