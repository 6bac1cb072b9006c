#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Rows laid out so that a query meets many of them in one pass: panels of 16 rows, number after
/// number. The score of a pair is added up from the first number to the last in one lane, whatever
/// stands around it, so equal rows score equally.
class PackedGallery {
 public:
  /// Takes other rows in place of the former ones. @param rows [n, dim] float32.
  void pack(MatrixView rows);

  /// Dot products of every query with every row. @param queries [m, dim]. @param out [m, n],
  /// written whole.
  void score(MatrixView queries, std::span<float> out) const;

 private:
  void score_one(const float* query, std::span<float> out) const;

  std::size_t rows_ = 0, dim_ = 0;
  std::vector<float> panels_;  ///< [panels, dim, 16], from the first cache line on
  float* data_ = nullptr;
};

}  // namespace claptools
