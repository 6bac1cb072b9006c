#include "claptools/runs/shard.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <optional>

#include "claptools/archive/braces.hpp"
#include "claptools/archive/tar_reader.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/piped_command.hpp"
#include "claptools/store/digest.hpp"

namespace claptools {
namespace {

/// Ends of shares that hold at most `most` bytes each, as long as items are left for the shares
/// after them. @return nothing if some items are left over.
std::optional<std::vector<std::size_t>> fill_shares(std::span<const std::uint64_t> sizes,
                                                    std::size_t shares, std::uint64_t most) {
  std::vector<std::size_t> ends;
  std::size_t end = 0;
  for (std::size_t left = shares; left > 0; --left) {
    std::uint64_t filled = sizes[end++];
    while (sizes.size() - end > left - 1 && filled + sizes[end] <= most) filled += sizes[end++];
    if (filled > most) return std::nullopt;
    ends.push_back(end);
  }
  return end == sizes.size() ? std::optional(ends) : std::nullopt;
}

struct SizedShards {
  std::vector<std::string> names;
  std::vector<std::uint64_t> sizes;  ///< bytes
};

/// Streams have the mean size of the files.
void estimate(std::vector<std::optional<std::uint64_t>>& sizes) {
  std::uint64_t sum = 0, known = 0;
  for (const auto& size : sizes) {
    sum += size.value_or(0);
    known += size.has_value() ? 1 : 0;
  }
  for (auto& size : sizes) size = size.value_or(known > 0 ? sum / known : 1);
}

std::optional<std::uint64_t> size_of(const std::string& name) {
  std::error_code code;
  if (name.starts_with(kPipe) || std::filesystem::is_fifo(name, code)) return std::nullopt;
  const auto size = std::filesystem::file_size(name, code);
  return code ? 0 : size;  // one that is missing fails when it is its turn
}

/// Nothing if there is something else among them.
std::optional<SizedShards> tar_shards(const std::vector<std::string>& arguments) {
  SizedShards shards;
  for (const std::string& argument : arguments) {
    if (!argument.starts_with(kPipe) && !is_tar_name(argument)) return std::nullopt;
    std::ranges::move(expand_braces(argument), std::back_inserter(shards.names));
  }
  std::vector<std::optional<std::uint64_t>> sizes;
  for (const std::string& name : shards.names) sizes.push_back(size_of(name));
  estimate(sizes);
  for (const auto& size : sizes) shards.sizes.push_back(*size);
  return shards;
}

}  // namespace

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

ShardRange shard_range_by_size(const Shard& shard, std::span<const std::uint64_t> sizes) {
  require_shard(shard);
  const auto count = static_cast<std::size_t>(shard.count);
  std::uint64_t low = 0, high = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (fill_shares(sizes, count, middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  const auto ends = fill_shares(sizes, count, high).value();
  const auto index = static_cast<std::size_t>(shard.index);
  return {index == 0 ? 0 : ends[index - 1], ends[index]};
}

std::string deal_tar_shards(const Shard& shard, std::vector<std::string>& arguments) {
  if (shard.count == 0) return "";
  auto all = tar_shards(arguments);
  if (!all || all->names.size() < static_cast<std::size_t>(shard.count)) return "";
  Sha256 digest;
  for (std::size_t i = 0; i < all->names.size(); ++i) {
    const std::string line = all->names[i] + '\0' + std::to_string(all->sizes[i]) + '\n';
    digest.update(std::as_bytes(std::span(line)));
  }
  const ShardRange own = shard_range_by_size(shard, all->sizes);
  arguments.assign(all->names.begin() + static_cast<std::ptrdiff_t>(own.begin),
                   all->names.begin() + static_cast<std::ptrdiff_t>(own.end));
  return digest.hex().substr(0, 16);
}

}  // namespace claptools
