#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace claptools {

/// One of `count` parts of a list, counted from 0.
struct Shard {
  int index = 0;
  int count = 0;  ///< 0: the whole list
};

/// @throws Error{usage} naming `subject` unless 0 <= index < count.
void require_shard(const Shard& shard, std::string_view subject = "shard");

/// Places [begin, end) in a list.
struct ShardRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The shard's share of `items` consecutive ones, so that the shards one after another are all.
/// @throws as require_shard, unless it is the whole list.
ShardRange shard_range(const Shard& shard, std::size_t items);

/// Leaves the shard's share of a list. @throws as require_shard.
template <typename T>
void keep_shard(const Shard& shard, std::vector<T>& items) {
  const ShardRange range = shard_range(shard, items.size());
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(range.end), items.end());
  items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(range.begin));
}

}  // namespace claptools
