#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace claptools {

/// Deals examples out to folds so that each fold has its share of every class. Neighbours of a
/// class stay together, because takes of one sound often follow each other. An example of several
/// classes counts with its rarest.
/// @param classes [examples], sorted; may be empty ones. @param folds at least 1.
/// @return        [examples], 0 .. folds - 1.
std::vector<std::size_t> make_folds(std::span<const std::vector<std::uint32_t>> classes,
                                    std::size_t class_count, std::size_t folds);

}  // namespace claptools
