#include "claptools/learn/nearest.hpp"

#include <algorithm>

namespace claptools {
namespace {

constexpr double kEqual = 1e-6;  // a distance of rows that only rounding tells apart

}  // namespace

std::vector<Neighbour> nearest(std::span<const float> cosines, std::size_t count,
                               std::span<const std::size_t> groups,
                               std::optional<std::size_t> left_out) {
  std::vector<Neighbour> all;
  for (std::size_t i = 0; i < cosines.size(); ++i)
    if (!left_out || groups[i] != *left_out) all.push_back({i, cosines[i]});
  count = std::min(count, all.size());
  std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(count),
                            [](const Neighbour& a, const Neighbour& b) {
                              return a.cosine > b.cosine ||
                                     (a.cosine == b.cosine && a.index < b.index);
                            });
  all.resize(count);
  return all;
}

std::vector<float> vote(std::span<const Neighbour> neighbours,
                        std::span<const std::vector<std::uint32_t>> classes,
                        std::size_t class_count) {
  std::vector<double> sums(class_count);
  double total = 0;
  const bool has_equal = !neighbours.empty() && 1 - double{neighbours[0].cosine} <= kEqual;
  for (const auto& [index, cosine] : neighbours) {
    const double distance = 1 - double{cosine};
    if (has_equal && distance > kEqual) break;
    const double weight = has_equal ? 1 : 1 / distance;
    total += weight;
    for (const std::uint32_t c : classes[index]) sums[c] += weight;
  }
  std::vector<float> shares(class_count);
  for (std::size_t c = 0; c < class_count && total > 0; ++c)
    shares[c] = static_cast<float>(sums[c] / total);
  return shares;
}

}  // namespace claptools
