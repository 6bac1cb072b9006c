#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Some rows of a matrix, in the order given.
Matrix rows_of(MatrixView all, std::span<const std::size_t> rows);

/// @param what is called "row `index`" in the message. @throws Error{data} for a value that is not
/// finite.
void check_finite(std::span<const float> row, std::string_view what, std::size_t index);

/// Each row divided by its length. @throws Error{data} for a row that is zero or not finite.
Matrix unit_rows_of(MatrixView rows, std::string_view what);

}  // namespace claptools
