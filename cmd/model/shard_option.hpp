#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace claptools::cmd {

/// One of `count` parts of a list, counted from 0.
struct Shard {
  int index = 0;
  int count = 0;  ///< 0: the whole list
};

/// "I/N", or "slurm": the place of this task in its job array. An empty word is the whole list.
/// @throws Error{usage}.
Shard parse_shard(const std::string& word);

/// The shard's share of `items` consecutive ones, so that the shards one after another are all.
struct ShardRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

inline ShardRange shard_range(const Shard& shard, std::size_t items) {
  if (shard.count == 0) return {0, items};
  const auto end_of = [&](int shards) {
    return items * static_cast<std::size_t>(shards) / static_cast<std::size_t>(shard.count);
  };
  return {end_of(shard.index), end_of(shard.index + 1)};
}

/// Leaves the shard's share of a list.
template <typename T>
void keep_shard(const Shard& shard, std::vector<T>& items) {
  const ShardRange range = shard_range(shard, items.size());
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(range.end), items.end());
  items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(range.begin));
}

}  // namespace claptools::cmd
