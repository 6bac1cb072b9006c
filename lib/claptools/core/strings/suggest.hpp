#pragma once

#include <span>
#include <string>
#include <string_view>

namespace claptools {

/// The word that was probably meant: the one of `known` that differs from `word` by the fewest
/// typing errors (a letter omitted, added, changed or swapped with its neighbour), at most one for
/// every three letters, ignoring case. Empty if no word is that close.
std::string nearest_word(std::string_view word, std::span<const std::string> known);

/// "'max' is not one of none, mean, first", with "; did you mean 'mean'?" where one is near.
std::string not_one_of(std::string_view word, std::span<const std::string> known);

}  // namespace claptools
