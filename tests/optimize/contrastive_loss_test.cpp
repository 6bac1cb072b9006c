// The loss against the official code's (tests/data/optimize, from goldens unit.h5), and what it
// must be on matrices that a person can check.

#include "claptools/optimize/contrastive_loss.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace claptools {
namespace {

using Json = nlohmann::json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double number(const Json& value) { return value.is_null() ? kNaN : value.get<double>(); }

at::Tensor square(const Json& values, std::int64_t rows) {
  std::vector<float> flat;
  for (const Json& value : values) flat.push_back(static_cast<float>(number(value)));
  return at::tensor(flat).view({rows, rows});
}

at::Tensor scalar(const Json& value) { return at::full({}, static_cast<float>(number(value))); }

/// NaN counts as equal to NaN.
void expect_close(const at::Tensor& actual, const at::Tensor& expected, double relative) {
  ASSERT_EQ(actual.sizes(), expected.sizes());
  const double scale = expected.nan_to_num().abs().max().item<double>();
  EXPECT_TRUE(at::allclose(actual, expected, 1e-5, relative * scale + 1e-12, /*equal_nan=*/true))
      << actual << expected;
}

class HardNegativeLoss : public ::testing::TestWithParam<std::string> {
 protected:
  static const Json& cases() {
    static const Json all =
        Json::parse(std::ifstream(CLAPTOOLS_TEST_DATA "/optimize/hard_negative_loss.json"));
    return all;
  }
};

TEST_P(HardNegativeLoss, IsTheOfficialOne) {
  const Json& golden = cases().at(GetParam());
  const std::int64_t rows = golden.at("rows");
  const at::Tensor a2t = square(golden.at("sim_a2t"), rows).set_requires_grad(true);
  const at::Tensor t2a = square(golden.at("sim_t2a"), rows).set_requires_grad(true);
  const at::Tensor targets = square(golden.at("sim_targets"), rows);
  const auto loss = [&](NegativeWeights along) {
    return hard_negative_loss(a2t, t2a, targets, 0.15, along);
  };
  const at::Tensor official = loss(NegativeWeights::official);
  expect_close(official, scalar(golden.at("loss")), 1e-6);
  expect_close(loss(NegativeWeights::paper), scalar(golden.at("loss_paper")), 1e-6);
  torch::autograd::backward({official}, {});
  expect_close(a2t.grad(), square(golden.at("grad_a2t"), rows), 1e-5);
  expect_close(t2a.grad(), square(golden.at("grad_t2a"), rows), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Goldens, HardNegativeLoss,
                         ::testing::Values("B1", "B2_cosine_over_temp", "B2_random", "B4_all_equal",
                                           "B4_all_same_id", "B4_cosine_over_temp",
                                           "B4_independent_directions", "B4_random",
                                           "B4_saturated_correct", "B4_saturated_wrong",
                                           "B4_underflow", "B8_cosine_over_temp",
                                           "B8_duplicate_ids", "B8_random",
                                           "B8_uniform_full_range"));

TEST(InfoNce, IsLogOfBForEqualSimilarities) {
  const at::Tensor equal = at::zeros({8, 8});
  const at::Tensor targets = positive_targets(at::arange(8));
  EXPECT_NEAR(info_nce_loss(equal, equal, targets).item<double>(), std::log(8), 1e-6);
}

TEST(InfoNce, WithoutHardnessTheWeightedLossIsThePlainOne) {
  // beta = 0 weighs every negative by (B - 1) / (B - 1) = 1
  at::manual_seed(1);
  const at::Tensor s = at::randn({6, 6}) * 3, targets = positive_targets(at::arange(6));
  const double weighted =
      hard_negative_loss(s, s.t(), targets, 0, NegativeWeights::paper).item<double>();
  EXPECT_NEAR(weighted, info_nce_loss(s, s.t(), targets).item<double>(), 1e-5);
}

TEST(PositiveTargets, ShareARowAmongEqualIdentities) {
  const at::Tensor targets = positive_targets(at::tensor(std::vector<std::int64_t>{5, 9, 5}));
  const at::Tensor expected = at::tensor({0.5f, 0.f, 0.5f, 0.f, 1.f, 0.f, 0.5f, 0.f, 0.5f});
  EXPECT_TRUE(at::equal(targets, expected.view({3, 3})));
}

TEST(EmbeddingRegulariser, IsTheMeanOverTheNorm) {
  const at::Tensor rows = at::tensor({3.f, -4.f, 0.f, 0.f}).view({2, 2});
  EXPECT_NEAR(embedding_regulariser(rows).item<double>(), (7.0 / 4) / 5, 1e-7);
}

}  // namespace
}  // namespace claptools
