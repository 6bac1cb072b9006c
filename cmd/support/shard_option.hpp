#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mgaclap::cmd {

/// One of `count` parts of a list, counted from 0.
struct Shard {
  int index = 0;
  int count = 0;  ///< 0: the whole list
};

/// "I/N", or "slurm": the place of this task in its job array. An empty word is the whole list.
/// @throws Error{usage}.
Shard parse_shard(const std::string& word);

/// Leaves the shard's share of a list: consecutive items, so that the shards one after another are
/// the list.
template <typename T>
void keep_shard(const Shard& shard, std::vector<T>& items) {
  if (shard.count == 0) return;
  const auto end_of = [&, all = items.size()](int shards) {
    return static_cast<std::ptrdiff_t>(all * static_cast<std::size_t>(shards) /
                                       static_cast<std::size_t>(shard.count));
  };
  items.erase(items.begin() + end_of(shard.index + 1), items.end());
  items.erase(items.begin(), items.begin() + end_of(shard.index));
}

}  // namespace mgaclap::cmd
