#include "claptools/runs/shard.hpp"

#include <string>

#include "claptools/core/error.hpp"

namespace claptools {

void require_shard(const Shard& shard, std::string_view subject) {
  if (shard.index >= 0 && shard.index < shard.count) return;
  throw Error(Fault::usage, subject,
              "there is no shard " + std::to_string(shard.index) + " of " +
                  std::to_string(shard.count) + ", they are counted from 0");
}

ShardRange shard_range(const Shard& shard, std::size_t items) {
  if (shard.count == 0) return {0, items};
  require_shard(shard);
  const auto end_of = [&](int shards) {
    return items * static_cast<std::size_t>(shards) / static_cast<std::size_t>(shard.count);
  };
  return {end_of(shard.index), end_of(shard.index + 1)};
}

}  // namespace claptools
