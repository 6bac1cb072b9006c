#include "claptools/model/layers/normalise_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "claptools/core/random.hpp"

namespace claptools {
namespace {

std::vector<float> noise(std::size_t size, double scale, double mean, Random& random) {
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(mean + scale * random.normal());
  return values;
}

/// Widths that fill vectors, and such as leave a rest or fill none.
class NormaliseRowsOf : public ::testing::TestWithParam<std::size_t> {};

TEST_P(NormaliseRowsOf, IsThatOfTheFormula) {
  const std::size_t width = GetParam(), rows = 3;
  Random random(5);
  const auto x = noise(rows * width, 2, 30, random), weight = noise(width, 1, 0, random),
             bias = noise(width, 1, 0, random);
  std::vector<float> out(rows * width);
  normalise_rows({static_cast<std::int64_t>(rows), static_cast<std::int64_t>(width), weight.data(),
                  bias.data(), 1e-5F},
                 x.data(), out.data());
  for (std::size_t row = 0; row < rows; ++row) {
    const float* const values = x.data() + row * width;
    double mean = 0, variance = 0;
    for (std::size_t i = 0; i < width; ++i) mean += values[i] / static_cast<double>(width);
    for (std::size_t i = 0; i < width; ++i)
      variance += (values[i] - mean) * (values[i] - mean) / static_cast<double>(width);
    for (std::size_t i = 0; i < width; ++i) {
      const double expected = (values[i] - mean) / std::sqrt(variance + 1e-5) * weight[i] + bias[i];
      ASSERT_NEAR(out[row * width + i], expected, 1e-5) << "row " << row << ", column " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, NormaliseRowsOf, ::testing::Values(1, 7, 10, 16, 40, 96, 768));

}  // namespace
}  // namespace claptools
