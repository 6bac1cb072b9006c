#include "claptools/evaluate/generation/frechet_distance.hpp"

#include <gtest/gtest.h>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;

Matrix scaled(const json& rows) {
  Matrix m = testing::to_matrix(rows);
  for (float& value : m.data) value /= 4096;
  return m;
}

/// More rows than a file should hold.
Matrix by_rule(std::size_t rows, std::size_t cols) {
  Matrix m(rows, cols);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < cols; ++j)
      m.row(i)[j] = static_cast<float>((i * 37 + j * 101 + i * j * 13) % 257) / 256;
  return m;
}

TEST(FrechetDistance, IsThatOfThePackageAndOfTheDefinition) {
  std::size_t compared = 0;
  for (const json& c : testing::test_data("generation.json")) {
    const Matrix generated = c.contains("generated")
                                 ? scaled(c["generated"])
                                 : by_rule(c["generated_rule"][0], c["generated_rule"][1]);
    const auto a = embedding_moments(generated), b = embedding_moments(scaled(c["reference"]));
    for (const char* by : {"by_package", "by_definition"}) {
      if (c[by].is_null()) continue;
      const double expected = c[by];
      EXPECT_NEAR(frechet_distance(a, b), expected, 1e-10 * expected) << c["name"] << by;
      EXPECT_NEAR(frechet_distance(b, a), expected, 1e-10 * expected) << c["name"] << by;
      ++compared;
    }
    EXPECT_NEAR(frechet_distance(a, a), 0, 1e-12);
  }
  EXPECT_EQ(compared, 7U);
}

TEST(FrechetDistance, RefusesWhatHasNoCovarianceAndOtherDimensions) {
  EXPECT_EQ(testing::data_error([] { embedding_moments(Matrix(1, 3)); }),
            "embeddings: a distance needs at least two rows");
  const auto three = embedding_moments(Matrix(2, 3)), four = embedding_moments(Matrix(2, 4));
  EXPECT_EQ(testing::data_error([&] { frechet_distance(three, four); }),
            "embeddings: have different dimensions");
}

}  // namespace
}  // namespace claptools
