#include "claptools/model/layers/window_order.hpp"

#include <utility>

namespace claptools {

TokenOrder window_order(int grid, int window, int shift) {
  const int windows = grid / window, tokens = window * window;
  TokenOrder order;
  order.reserve(static_cast<std::size_t>(grid) * static_cast<std::size_t>(grid));
  for (int i = 0; i < windows * windows * tokens; ++i) {
    const int w = i / tokens, t = i % tokens;
    const int row = w / windows * window + t / window, column = w % windows * window + t % window;
    order.push_back(std::int64_t{(row + shift) % grid} * grid + (column + shift) % grid);
  }
  return order;
}

TokenOrder invert(const TokenOrder& order) {
  TokenOrder inverse(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    inverse[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
  return inverse;
}

TokenOrder gather_between(const TokenOrder& from, const TokenOrder& to) {
  const TokenOrder position = invert(from);
  TokenOrder gather;
  gather.reserve(to.size());
  for (const std::int64_t token : to) gather.push_back(position[static_cast<std::size_t>(token)]);
  return gather;
}

TokenOrder merge_gather(int grid, int window, const TokenOrder& from) {
  const int next = grid / 2;
  const TokenOrder position = invert(from);
  TokenOrder gather;
  gather.reserve(from.size());
  for (const std::int64_t token : window_order(next, window, 0)) {
    const std::int64_t row = token / next * 2, column = token % next * 2;
    for (const auto& [dr, dc] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
      gather.push_back(position[static_cast<std::size_t>((row + dr) * grid + column + dc)]);
    }
  }
  return gather;
}

}  // namespace claptools
