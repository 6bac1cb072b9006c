#pragma once
// Internal to the room.

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "claptools/store/hdf5/hdf5_input.hpp"

namespace claptools {

/// What a file says of the lengths of its vectors.
enum class Norms {
  any,        ///< nothing: they are made unit vectors on reading
  kept,       ///< nothing, and they stay as they are
  unit,       ///< they are 1, of float32
  unit_half,  ///< they are 1, of float16
};

/// Checks the vectors of a file, [rows, dim], and makes them unit vectors where they need not be.
/// @param name_of how messages call a row. @throws Error{data} for a vector that is not finite, of
/// a length that no model gives (0, 1e30), or not of unit length though the file says so.
void require_unit_rows(const hdf5::Input& input, std::span<float> values, std::size_t dim,
                       Norms norms, const std::function<std::string(std::size_t row)>& name_of);

}  // namespace claptools
