#include "claptools/learn/folds.hpp"

#include <algorithm>

namespace claptools {

std::vector<std::size_t> make_folds(std::span<const std::vector<std::uint32_t>> classes,
                                    std::size_t class_count, std::size_t folds) {
  std::vector<std::size_t> sizes(class_count);
  for (const auto& own : classes)
    for (const std::uint32_t c : own) ++sizes[c];
  std::vector<std::vector<std::size_t>> members(class_count + 1);  // the last: of no class
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto rarest =
        std::ranges::min_element(classes[i], {}, [&](std::uint32_t c) { return sizes[c]; });
    members[rarest == classes[i].end() ? class_count : *rarest].push_back(i);
  }
  std::vector<std::size_t> fold_of(classes.size());
  std::size_t next = 0;  // where a class with fewer examples than folds goes on
  for (const auto& own : members) {
    for (std::size_t j = 0; j < own.size(); ++j)
      fold_of[own[j]] = own.size() >= folds ? j * folds / own.size() : (next + j) % folds;
    if (own.size() < folds) next += own.size();
  }
  return fold_of;
}

}  // namespace claptools
