#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace claptools {

/// 5, 10, 15, 20, 25, 30 s.
std::vector<double> official_boundaries_s();

struct BatchPlanOptions {
  std::size_t batch = 128;  ///< pairs, of all ranks together
  std::size_t ranks = 1;    ///< among which each batch is split evenly
  /// Clips of one batch lie between two of these lengths, so that little is padded; rising.
  std::vector<double> boundaries_s = official_boundaries_s();
  /// Pairs left over in each bucket: dropped, as the official code does, or put together into
  /// batches of mixed lengths, of which a smaller one, cut to a multiple of the ranks, ends the
  /// epoch.
  bool keep_last = false;
  std::uint64_t seed = 20;
};

/// Which pairs make up which batch in each epoch: a function of the durations, the options and the
/// epoch's number alone.
class BatchPlan {
 public:
  using Batch = std::vector<std::uint32_t>;  ///< places of pairs

  /// @param durations_s of the pairs; 0 = not told, which counts as longest.
  /// @throws Error{usage} for a batch that ranks cannot share evenly or boundaries that do not
  /// increase; {data} if no batch can be filled.
  BatchPlan(std::span<const double> durations_s, const BatchPlanOptions& options);

  std::size_t batches() const { return batches_; }           ///< of every epoch
  std::size_t batch_size() const { return options_.batch; }  ///< the largest
  std::size_t ranks() const { return options_.ranks; }

  /// The epoch's batches in their order.
  std::vector<Batch> epoch(std::uint64_t number) const;

 private:
  BatchPlanOptions options_;
  std::vector<Batch> buckets_;  ///< pairs by length
  std::size_t batches_ = 0;
};

}  // namespace claptools
