#pragma once

#include <span>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Dot products of every row of `a` with every row of `b`. The value of a pair depends on these two
/// rows only, not on what stands around them: equal rows score equally, in whatever blocks a caller
/// works.
/// @param a   [n, d] float32.
/// @param b   [m, d] float32.
/// @param out [n, m] row-major, written whole.
/// @throws Error{internal} if a shape does not fit.
void multiply_transposed(MatrixView a, MatrixView b, std::span<float> out);

}  // namespace claptools
