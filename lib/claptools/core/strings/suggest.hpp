#pragma once

#include <span>
#include <string>
#include <string_view>

namespace claptools {

/// The word that was probably meant: the one of `known` that fewest slips of the keyboard (a letter
/// left out, added, changed or exchanged with its neighbour) tell from `word`, one for every three
/// letters; capitals do not count. Empty if none is so near.
std::string nearest_word(std::string_view word, std::span<const std::string> known);

/// "'max' is not one of none, mean, first", with "; did you mean 'mean'?" where one is near.
std::string not_one_of(std::string_view word, std::span<const std::string> known);

}  // namespace claptools
