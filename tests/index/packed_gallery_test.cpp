#include "claptools/index/flat/packed_gallery.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

Matrix random_rows(std::size_t rows, std::size_t cols, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Matrix matrix(rows, cols);
  for (float& x : matrix.data) x = normal(random);
  return matrix;
}

TEST(PackedGallery, ScoreEveryPair) {
  PackedGallery panels;
  for (const std::size_t rows : {1U, 15U, 16U, 17U, 64U}) {
    for (const std::size_t queries : {1U, 6U, 7U, 20U}) {
      for (const std::size_t dim : {1U, 63U, 64U, 130U}) {
        const Matrix a = random_rows(queries, dim, 1), b = random_rows(rows, dim, 2);
        std::vector<float> out(queries * rows, NAN);
        panels.pack(b);
        panels.score(a, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
          const auto q = a.row(i / rows), r = b.row(i % rows);
          const double expected = std::inner_product(q.begin(), q.end(), r.begin(), 0.0);
          ASSERT_NEAR(out[i], expected, 1e-4) << rows << " " << queries << " " << dim << " " << i;
        }
      }
    }
  }
}

TEST(PackedGallery, EqualRowsScoreEqually) {
  const Matrix one = random_rows(1, 333, 3);
  Matrix rows(40, 333), queries(13, 333);
  for (std::size_t i = 0; i < rows.rows; ++i) std::ranges::copy(one.row(0), rows.row(i).begin());
  for (std::size_t i = 0; i < queries.rows; ++i)
    std::ranges::copy(one.row(0), queries.row(i).begin());
  PackedGallery panels;
  std::vector<float> out(rows.rows * queries.rows), alone(1);
  panels.pack(rows);
  panels.score(queries, out);
  panels.pack(one);
  panels.score(one, alone);
  EXPECT_EQ(out, std::vector<float>(out.size(), alone[0]));
}

TEST(PackedGallery, ShapesMustFit) {
  PackedGallery panels;
  panels.pack(random_rows(2, 8, 1));
  std::vector<float> out(2);
  EXPECT_THROW(panels.score(random_rows(1, 9, 1), out), Error);
  EXPECT_THROW(panels.score(random_rows(2, 8, 1), out), Error);
}

}  // namespace
}  // namespace claptools
