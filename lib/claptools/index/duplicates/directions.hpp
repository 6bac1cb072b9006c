#pragma once
// Internal to the room.

#include <cstddef>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Directions in which rows differ most, the strongest first (principal components, by orthogonal
/// iteration, so that the last ones are rough).
/// @param sample [n, dim]. @param count at most dim.
/// @return [count, dim] orthonormal rows; a row is zero where the sample has fewer directions.
/// Source: Golub, van Loan, Matrix Computations, 8.2.4.
Matrix principal_directions(MatrixView sample, std::size_t count);

}  // namespace claptools
