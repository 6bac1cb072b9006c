#include "claptools/checkpoints/half_weights.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "checkpoints/tensor_values.hpp"
#include "claptools/core/error.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "claptools/families/mga_clap/synthetic.hpp"
#include "claptools/families/model_files.hpp"
#include "support/configs.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

bool must_be_exact(const std::string& name) {
  for (const char* part : {"audio_feats_extractor", "running_", "attn_mask", "temp"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(HalfWeights, RoundWhatMayBeRounded) {
  const ModelConfig config = testing::tiny_config();
  const WeightSet whole = synthetic_weights(config, "tiny-1", 64);
  const WeightSet half = to_half(whole, model_parameters(config));
  EXPECT_NO_THROW(check_parameters(half, model_parameters(config), "w"));
  ASSERT_EQ(half.tensors.size(), whole.tensors.size());
  for (const auto& [name, view] : whole.tensors) {
    const TensorView& stored = half.tensors.at(name);
    EXPECT_EQ(stored.shape, view.shape) << name;
    if (view.dtype != DType::f32 || must_be_exact(name)) {
      EXPECT_EQ(stored.bytes.data(), view.bytes.data()) << name;
      continue;
    }
    ASSERT_EQ(stored.dtype, DType::f16) << name;
    const auto expected = testing::values_of(view), rounded = testing::values_of(stored);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double ulp = std::max(std::abs(expected[i]) * 0x1p-11, 0x1p-25);
      ASSERT_NEAR(rounded[i], expected[i], ulp) << name << " " << i;
    }
  }
}

TEST(HalfWeights, AreStoredAndReadBack) {
  testing::TempDir dir;
  testing::write_bytes(dir / "words.txt", "[PAD]\n");
  ModelFiles files;
  files.architecture = mga_clap::make_architecture(testing::tiny_config());
  files.weights = to_half(synthetic_weights(testing::tiny_config(), "tiny-1", 64),
                          model_parameters(testing::tiny_config()));
  files.vocabulary = dir / "words.txt";
  write_model_directory(dir / "model", files, false);
  const ModelFiles again =
      read_model_files({.model = dir / "model", .config = {}, .vocabulary = {}, .share = {}}, {});
  EXPECT_EQ(again.weights.tensors.at("codebook").dtype, DType::f16);
  EXPECT_EQ(testing::values_of(again.weights.tensors.at("codebook")),
            testing::values_of(files.weights.tensors.at("codebook")));
}

TEST(HalfWeights, NameWhatIsOutOfRange) {
  WeightSet weights;
  const float large = 65520;
  std::vector<std::byte> bytes(sizeof large);
  std::memcpy(bytes.data(), &large, sizeof large);
  weights.add("scale.weight", DType::f32, {1}, bytes);
  try {
    to_half(weights, std::vector<Parameter>{{"scale.weight", {1}}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data);
    EXPECT_STREQ(e.what(), "scale.weight: holds a value beyond the range of float16");
  }
}

}  // namespace
}  // namespace claptools
