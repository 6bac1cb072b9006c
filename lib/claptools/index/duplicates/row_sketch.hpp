#pragma once
// Internal to the room.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/index/flat/flat_search.hpp"

namespace claptools {

inline constexpr std::size_t kSketchBlock = 96;  ///< rows; what the kernel does without a rest

/// Rows in a few numbers each: coordinates along orthonormal directions, then the length of what
/// these leave of the row. By the inequality of Cauchy and Schwarz the inner product of two rows is
/// at most that of their sketches. Sketches are sorted so that those of a block of kSketchBlock lie
/// close to one another.
struct RowSketches {
  Matrix values;                     ///< [rows, width]
  std::vector<std::uint32_t> order;  ///< [rows]: the row that each sketch is of
  float slack = 0;                   ///< by which rounding may make an inner product too small
};

/// The width is the one that leaves least to do for this threshold, by a sample of the rows.
/// @param recordings of each row: pairs within one do not count.
RowSketches sketch_rows(const Gallery& gallery, std::span<const std::uint32_t> recordings,
                        double threshold, int threads);

}  // namespace claptools
