#include "claptools/families/mga_clap/initial_weights.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "checkpoints/tensor_values.hpp"
#include "claptools/families/mga_clap/derived_weights.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "support/configs.hpp"

namespace claptools {
namespace {

constexpr const char* kSwin = "audio_encoder.audio_enc.";
constexpr const char* kBert = "text_encoder.text_encoder.";

struct Statistics {
  std::size_t count = 0;
  double mean = 0, deviation = 0, kurtosis = 0, low = 0, high = 0;
};

Statistics statistics_of(const std::vector<double>& values) {
  Statistics s{.count = values.size()};
  const auto n = static_cast<double>(values.size());
  s.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double second = 0, fourth = 0;
  for (const double v : values) {
    second += std::pow(v - s.mean, 2) / n;
    fourth += std::pow(v - s.mean, 4) / n;
  }
  s.deviation = std::sqrt(second);
  s.kurtosis = second > 0 ? fourth / (second * second) : 0;
  s.low = *std::min_element(values.begin(), values.end());
  s.high = *std::max_element(values.begin(), values.end());
  return s;
}

class InitialWeights : public ::testing::Test {
 protected:
  std::vector<double> values(const std::string& name) const {
    return testing::values_of(weights_.tensors.at(name));
  }
  Statistics statistics(const std::string& name) const { return statistics_of(values(name)); }

  /// Five standard errors: a test of fixed numbers, so it cannot fail by chance.
  void expect_normal(const std::string& name, double deviation) const {
    const Statistics s = statistics(name);
    const double root = std::sqrt(static_cast<double>(s.count));
    EXPECT_NEAR(s.mean, 0, 5 * deviation / root) << name;
    EXPECT_NEAR(s.deviation, deviation, 5 * deviation / root) << name;
    EXPECT_NEAR(s.kurtosis, 3, 5 * 4.9 / root) << name;
  }
  void expect_uniform(const std::string& name, double bound) const {
    const Statistics s = statistics(name);
    const double root = std::sqrt(static_cast<double>(s.count));
    EXPECT_NEAR(s.mean, 0, 5 * bound / std::sqrt(3.0) / root) << name;
    EXPECT_GE(s.low, -bound) << name;
    EXPECT_LE(s.high, bound) << name;
    EXPECT_GT(s.high - s.low, 2 * bound * (1 - 12 / static_cast<double>(s.count))) << name;
  }
  void expect_constant(const std::string& name, float value) const {
    const std::vector<double> all = values(name);
    EXPECT_EQ(all, std::vector<double>(all.size(), double{value})) << name;
  }

  ModelConfig config_ = testing::tiny_config();
  WeightSet weights_ = initial_weights(config_, 20);
};

TEST_F(InitialWeights, AreAWholeModel) {
  EXPECT_NO_THROW(check_parameters(weights_, model_parameters(config_), "w"));
  for (const Parameter& p : model_parameters(config_)) {
    if (p.name.ends_with("position_ids")) continue;
    ASSERT_TRUE(weights_.tensors.contains(p.name)) << p.name;
    if (const auto buffer = official_buffer(config_, p)) {
      EXPECT_TRUE(std::ranges::equal(weights_.tensors.at(p.name).bytes, *buffer)) << p.name;
    }
  }
}

TEST_F(InitialWeights, OfTheAudioTower) {
  const std::string swin = kSwin, block = swin + "layers.1.blocks.1.";
  for (const char* name : {"attn.qkv.weight", "attn.proj.weight", "mlp.fc1.weight",
                           "mlp.fc2.weight", "attn.relative_position_bias_table"}) {
    expect_normal(block + name, 0.02);
  }
  expect_normal(swin + "layers.0.downsample.reduction.weight", 0.02);
  expect_normal(swin + "head.weight", 0.02);
  for (const char* name : {"attn.qkv.bias", "attn.proj.bias", "mlp.fc1.bias", "norm1.bias"}) {
    expect_constant(block + name, 0);
  }
  for (const char* name : {"bn0.weight", "bn0.running_var", "patch_embed.norm.weight",
                           "layers.0.downsample.norm.weight", "norm.weight"}) {
    expect_constant(swin + name, 1);
  }
  for (const char* name : {"bn0.bias", "bn0.running_mean", "norm.bias"}) {
    expect_constant(swin + name, 0);
  }
  expect_uniform(swin + "patch_embed.proj.weight", 1 / std::sqrt(16.0));
  expect_uniform(swin + "patch_embed.proj.bias", 1 / std::sqrt(16.0));
  expect_uniform(swin + "tscam_conv.weight", 1 / std::sqrt(192.0 * 2 * 3));
}

TEST_F(InitialWeights, OfTheTextTower) {
  const std::string bert = kBert, layer = bert + "encoder.layer.1.";
  const std::vector<double> words = values(bert + "embeddings.word_embeddings.weight");
  EXPECT_TRUE(std::all_of(words.begin(), words.begin() + 64, [](double v) { return v == 0; }));
  const Statistics rest = statistics_of({words.begin() + 64, words.end()});
  EXPECT_NEAR(rest.deviation, 0.02, 5e-5);
  for (const char* name : {"attention.self.query.weight", "attention.output.dense.weight",
                           "intermediate.dense.weight", "output.dense.weight"}) {
    expect_normal(layer + name, 0.02);
  }
  expect_normal(bert + "embeddings.position_embeddings.weight", 0.02);
  expect_constant(layer + "attention.self.query.bias", 0);
  expect_constant(layer + "output.LayerNorm.weight", 1);
  expect_constant(layer + "output.LayerNorm.bias", 0);
}

TEST_F(InitialWeights, OfWhatJoinsThem) {
  expect_constant("temp", 0.07f);
  expect_normal("codebook", 1);
  expect_uniform("frame_proj.1.weight", 1 / std::sqrt(192.0));
  expect_uniform("frame_proj.1.bias", 1 / std::sqrt(192.0));
  expect_uniform("word_proj.1.weight", 1 / std::sqrt(64.0));
  expect_uniform("word_proj.4.bias", 1 / std::sqrt(32.0));
  expect_constant("frame_proj.0.weight", 1);
  expect_constant("word_proj.3.bias", 0);
}

TEST_F(InitialWeights, FollowFromSeedAndNameAlone) {
  ModelConfig deeper = config_;
  deeper.audio.depths = {2, 2, 2, 2};
  const WeightSet other = initial_weights(deeper, 20), reseeded = initial_weights(config_, 21);
  const std::string name = std::string(kSwin) + "layers.3.blocks.0.attn.qkv.weight";
  EXPECT_EQ(testing::values_of(other.tensors.at(name)), values(name));
  EXPECT_NE(testing::values_of(reseeded.tensors.at(name)), values(name));
  EXPECT_NE(values("frame_proj.4.weight"), values("word_proj.4.weight"));
}

TEST(AttentionPooling, HasItsQueries) {
  ModelConfig config = testing::tiny_config();
  config.pooling = "attention";
  const WeightSet weights = initial_weights(config, 1);
  EXPECT_NO_THROW(check_parameters(weights, model_parameters(config), "w"));
  for (const double v : testing::values_of(weights.tensors.at("word_pool.query"))) {
    EXPECT_LE(std::abs(v), 1 / std::sqrt(32.0));
  }
}

}  // namespace
}  // namespace claptools
