#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// Expands ranges of numbers as a shell does: "s-{08..11}.tar" is s-08.tar, s-09.tar, s-10.tar,
/// s-11.tar. Several ranges give all combinations, the last one running fastest; other braces stay
/// as they are.
/// @throws Error{usage} for a range that runs backwards or gives more than a million names.
std::vector<std::string> expand_braces(std::string_view pattern);

}  // namespace claptools
