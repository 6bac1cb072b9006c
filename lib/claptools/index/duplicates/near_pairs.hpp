#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "claptools/index/index.hpp"

namespace claptools {

/// Two rows that are alike; first < second.
struct RowPair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  float score = 0;  ///< cosine

  bool operator==(const RowPair&) const = default;
};

/// What is alike, and how much is looked for.
struct PairOptions {
  double threshold = 0.99;  ///< least score; a score counts as it is printed, with six decimals
  std::size_t max_pairs = 50'000'000;  ///< more are refused; 12 bytes each
  int threads = 1;
  /// Called with the share of the work that is done, by one thread at a time; may be empty.
  std::function<void(double share)> progress = {};
  const std::atomic<bool>* stop = nullptr;  ///< once set, the search ends early
};

/// All pairs of rows of different recordings whose score reaches the threshold: those that a
/// comparison of all rows with all others finds, and in the same order whatever the number of
/// threads. Rows are first compared by a few numbers each, which rule out nearly all pairs and no
/// pair too many. Vectors of "Flat" and "SQfp16" stay where they are; others, which the index gives
/// back as it stores them, are copied, as unit vectors.
/// @param recordings [rows]: a number of the recording that each row is of.
/// @return sorted by `first`, then `second`; incomplete if it was stopped.
/// @throws Error{unavailable} for more than max_pairs, or 2^32 rows; as SearchIndex::vectors.
std::vector<RowPair> find_near_pairs(const SearchIndex& index,
                                     std::span<const std::uint32_t> recordings,
                                     const PairOptions& options);

}  // namespace claptools
