#include "claptools/metrics/bootstrap.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <random>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/core/random.hpp"

namespace claptools {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Linear between the two neighbouring values. @param sorted at least one.
double quantile(std::span<const double> sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = at - static_cast<double>(below);
  if (part == 0 || sorted[below] == sorted[above]) return sorted[below];  // infinities too
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

void check(std::size_t clips, const BootstrapOptions& options) {
  if (clips == 0 || options.resamples == 0) {
    throw Error(Fault::usage, "confidence interval", "no clip or no resample");
  }
  if (!(options.level > 0 && options.level < 1)) {
    throw Error(Fault::usage, "confidence interval", "the level is not between 0 and 1");
  }
}

/// Each of 0 .. most equally often, as NumPy's legacy generators draw it.
std::uint32_t draw_to(std::mt19937& random, std::uint32_t most) {
  const std::uint32_t mask = std::bit_ceil(std::uint64_t{most} + 1) - 1;
  std::uint32_t value = 0;
  do {
    value = static_cast<std::uint32_t>(random()) & mask;
  } while (value > most);
  return value;
}

/// The values of each metric, in the order of their first appearance.
class Collector {
 public:
  void add(const MetricValues& values) {
    for (const MetricValue& v : values) {
      const auto [known, is_new] = index_.emplace(std::pair(v.metric, v.class_name), index_.size());
      if (is_new) samples_.push_back({v.metric, v.class_name, {}});
      std::vector<double>& own = samples_[known->second].values;
      own.resize(resamples_, kNaN);
      own.push_back(v.value);
    }
    ++resamples_;
  }

  std::vector<MetricSamples> samples() && {
    for (MetricSamples& one : samples_) one.values.resize(resamples_, kNaN);
    return std::move(samples_);
  }

 private:
  std::map<std::pair<std::string, std::string>, std::size_t> index_;
  std::vector<MetricSamples> samples_;
  std::size_t resamples_ = 0;
};

/// Resamples drawn one after the other, and collected so, whichever thread scores them.
class Resampling {
 public:
  using Score = std::function<MetricValues(std::span<const std::size_t>)>;

  Resampling(std::size_t clips, const Score& score, const BootstrapOptions& options)
      : clips_(clips), score_(score), random_(options.seed) {
    if (options.scheme == ResamplingScheme::balanced)
      dealt_ = balanced_draws(clips, options.resamples, options.seed);
  }

  /// Draws and scores the next resample.
  void work() {
    std::vector<std::size_t> resample(clips_);
    const std::size_t i = draw(resample);
    collect(i, score_(resample));
  }

  Collector& collector() { return collector_; }

 private:
  std::size_t draw(std::vector<std::size_t>& resample) {
    const std::lock_guard lock(mutex_);
    const std::size_t first = drawn_ * clips_;
    for (std::size_t i = 0; i < clips_; ++i)
      resample[i] = dealt_.empty() ? random_.below(clips_) : dealt_[first + i];
    return drawn_++;
  }

  void collect(std::size_t i, MetricValues values) {
    const std::lock_guard lock(mutex_);
    early_.emplace(i, std::move(values));
    for (auto next = early_.begin(); next != early_.end() && next->first == collected_;
         next = early_.erase(next), ++collected_) {
      collector_.add(next->second);
    }
  }

  std::size_t clips_;
  const Score& score_;
  std::mutex mutex_;
  Xoshiro256 random_;
  std::vector<std::uint32_t> dealt_;  // of all resamples; empty: drawn one by one
  std::size_t drawn_ = 0, collected_ = 0;
  std::map<std::size_t, MetricValues> early_;  // scored before one drawn earlier
  Collector collector_;
};

}  // namespace

Xoshiro256::Xoshiro256(std::uint64_t seed) {
  Random random(seed);
  for (std::uint64_t& word : state_) word = random.next();
}

std::uint64_t Xoshiro256::operator()() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::size_t Xoshiro256::below(std::size_t bound) {
  const std::uint64_t excess = (0 - std::uint64_t{bound}) % bound;  // 2^64 mod bound
  std::uint64_t value = (*this)();
  while (value < excess) value = (*this)();
  return value % bound;
}

std::vector<std::uint32_t> balanced_draws(std::size_t clips, std::size_t resamples,
                                          std::uint64_t seed) {
  constexpr std::size_t kMost = std::size_t{1} << 28;
  if (seed > std::numeric_limits<std::uint32_t>::max())
    throw Error(Fault::usage, "`seed`", "balanced resamples take one below 2^32");
  if (clips > kMost / resamples) {
    throw Error(Fault::usage, "`resamples`",
                "balanced ones of " + std::to_string(clips) + " clips are at most " +
                    std::to_string(kMost / clips));
  }
  std::vector<std::uint32_t> draws(clips * resamples);
  for (std::size_t i = 0; i < draws.size(); ++i) draws[i] = static_cast<std::uint32_t>(i % clips);
  std::mt19937 random(static_cast<std::uint32_t>(seed));
  for (std::size_t i = draws.size(); i-- > 1;)
    std::swap(draws[i], draws[draw_to(random, static_cast<std::uint32_t>(i))]);
  return draws;
}

std::vector<MetricSamples> bootstrap_samples(
    std::size_t clips, const std::function<MetricValues(std::span<const std::size_t>)>& score,
    const BootstrapOptions& options) {
  check(clips, options);
  Resampling resampling(clips, score, options);
  parallel_for(options.resamples, static_cast<int>(options.threads),
               [&](std::size_t) { resampling.work(); });
  return std::move(resampling.collector()).samples();
}

MetricInterval interval_of(MetricSamples samples, double level) {
  std::vector<double>& values = samples.values;
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
  const double tail = (1 - level) / 2;
  return {std::move(samples.metric), std::move(samples.class_name),
          values.empty() ? kNaN : quantile(values, tail),
          values.empty() ? kNaN : quantile(values, 1 - tail), values.size()};
}

std::vector<MetricInterval> bootstrap_intervals(
    std::size_t clips, const std::function<MetricValues(std::span<const std::size_t>)>& score,
    const BootstrapOptions& options) {
  std::vector<MetricInterval> intervals;
  for (MetricSamples& samples : bootstrap_samples(clips, score, options))
    intervals.push_back(interval_of(std::move(samples), options.level));
  return intervals;
}

}  // namespace claptools
