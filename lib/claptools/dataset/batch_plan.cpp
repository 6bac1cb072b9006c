#include "claptools/dataset/batch_plan.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/core/random.hpp"

namespace claptools {
namespace {

void check(const BatchPlanOptions& options) {
  if (options.ranks == 0 || options.batch == 0 || options.batch % options.ranks != 0) {
    throw Error(Fault::usage, "batch",
                std::to_string(options.batch) + " pairs cannot be shared evenly by " +
                    std::to_string(options.ranks) + " processes");
  }
  const auto& edges = options.boundaries_s;
  if (std::ranges::adjacent_find(edges, std::not_fn(std::less<>())) != edges.end())
    throw Error(Fault::usage, "bucket boundaries", "are not in rising order");
}

std::vector<BatchPlan::Batch> sort_into_buckets(std::span<const double> durations_s,
                                                const std::vector<double>& boundaries_s) {
  std::vector<BatchPlan::Batch> buckets(boundaries_s.size() + 1);
  for (std::uint32_t i = 0; i < durations_s.size(); ++i) {
    const double length =
        durations_s[i] > 0 ? durations_s[i] : std::numeric_limits<double>::infinity();
    const auto edge = std::ranges::upper_bound(boundaries_s, length);
    buckets[static_cast<std::size_t>(edge - boundaries_s.begin())].push_back(i);
  }
  return buckets;
}

/// Cuts whole batches off; what is left over stays in `pairs`.
void cut_batches(BatchPlan::Batch& pairs, std::size_t size,
                 std::vector<BatchPlan::Batch>& batches) {
  std::size_t at = 0;
  for (; pairs.size() - at >= size; at += size) {
    const auto first = pairs.begin() + static_cast<std::ptrdiff_t>(at);
    batches.emplace_back(first, first + static_cast<std::ptrdiff_t>(size));
  }
  pairs.erase(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

std::vector<double> official_boundaries_s() { return {5, 10, 15, 20, 25, 30}; }

BatchPlan::BatchPlan(std::span<const double> durations_s, const BatchPlanOptions& options)
    : options_(options) {
  check(options_);
  buckets_ = sort_into_buckets(durations_s, options_.boundaries_s);
  batches_ = epoch(0).size();
  if (batches_ == 0) {
    throw Error(Fault::data, "training pairs",
                std::to_string(durations_s.size()) + " are too few for a batch of " +
                    std::to_string(options_.batch));
  }
}

std::vector<BatchPlan::Batch> BatchPlan::epoch(std::uint64_t number) const {
  std::vector<Batch> batches;
  Batch left_over;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    Batch pairs = buckets_[i];
    Random random(hash_seed({options_.seed, number, i}));
    shuffle(pairs, random);
    cut_batches(pairs, options_.batch, batches);
    left_over.insert(left_over.end(), pairs.begin(), pairs.end());
  }
  if (options_.keep_last) cut_batches(left_over, options_.batch, batches);
  Random random(hash_seed({options_.seed, number, buckets_.size()}));
  shuffle(batches, random);
  left_over.resize(left_over.size() / options_.ranks * options_.ranks);
  if (options_.keep_last && !left_over.empty()) batches.push_back(left_over);
  return batches;
}

}  // namespace claptools
