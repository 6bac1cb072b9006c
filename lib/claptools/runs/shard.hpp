#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
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

/// The shard's share of items that are dealt out whole: shares are consecutive, have one item at
/// least, and the largest is as small as can be.
/// @param sizes of the items, no fewer than shards. @throws as require_shard.
ShardRange shard_range_by_size(const Shard& shard, std::span<const std::uint64_t> sizes);

/// Leaves of tar shards those that are the shard's, with their ranges (expand_braces) resolved, so
/// that nobody lists another's. Sizes are those of the files; a stream counts as their mean.
/// @param arguments as list_inputs takes them. If others than tar shards are among them, or fewer
/// tar shards than parts, they stay as they are.
/// @return a digest of all names and sizes, which all shards must agree on; empty if nothing was
/// dealt out. @throws as expand_braces and require_shard.
std::string deal_tar_shards(const Shard& shard, std::vector<std::string>& arguments);

}  // namespace claptools
