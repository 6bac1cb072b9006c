#include "claptools/families/mga_clap/synthetic.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <iomanip>
#include <sstream>

#include "claptools/core/crc32.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "support/configs.hpp"

namespace claptools {
namespace {

std::string dimensions(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const auto size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text.empty() ? "scalar" : text;
}

std::string crc_text(const TensorView& view) {
  std::ostringstream out;
  out << std::hex << std::setfill('0') << std::setw(8) << crc32(view.bytes);
  return out.str();
}

/// Every entry of the official state dict: same names, shapes and bytes. The DFT matrices alone are
/// compared by value: the official ones carry the rounding of a complex power, at most 3.0e-8.
void compare_with_table(const WeightSet& weights, const std::string& table_name) {
  const Table table =
      read_table_file(CLAPTOOLS_TEST_DATA "/checkpoints/" + table_name, Delimiter::tab);
  ASSERT_EQ(weights.tensors.size(), table.rows.size());
  for (const auto& row : table.rows) {
    ASSERT_TRUE(weights.tensors.contains(row[0])) << row[0];
    const TensorView& view = weights.tensors.at(row[0]);
    EXPECT_EQ(dimensions(view.shape), row[1]) << row[0];
    if (row[0].find("stft.conv_") == std::string::npos) {
      EXPECT_EQ(crc_text(view), row[7]) << row[0];
    } else {
      float last = 0;
      std::memcpy(&last, view.bytes.data() + view.bytes.size() - 4, 4);
      EXPECT_NEAR(last, std::stod(row[9]), 3.1e-8) << row[0];
    }
  }
}

TEST(Synthetic, TinyEqualsTheOfficialStateDict) {
  compare_with_table(synthetic_weights(testing::tiny_config(), "tiny-1", 64), "params_tiny.tsv");
}

TEST(Synthetic, FullEqualsTheOfficialStateDict) {
  compare_with_table(synthetic_weights(ModelConfig{}, "full-1", 8), "params_full.tsv");
}

TEST(Parameters, ShapesGiveTheArchitectureBack) {
  const ModelConfig tiny = testing::tiny_config();
  const WeightSet weights = synthetic_weights(tiny, "tiny-1", 64);
  ModelConfig base;
  base.name = "tiny";
  base.text.num_attention_heads = 4;
  EXPECT_EQ(format_config(infer_config(weights, base, "w")), format_config(tiny));
  EXPECT_NO_THROW(check_parameters(weights, model_parameters(tiny), "w"));
}

TEST(Parameters, NamesWhatDoesNotFit) {
  const ModelConfig tiny = testing::tiny_config();
  const WeightSet whole = synthetic_weights(tiny, "tiny-1", 64);
  const auto message = [&](const WeightSet& weights) -> std::string {
    try {
      check_parameters(weights, model_parameters(tiny), "w");
      return "accepted";
    } catch (const std::exception& e) {
      return e.what();
    }
  };
  WeightSet missing = whole;
  missing.tensors.erase("frame_proj.1.weight");
  EXPECT_EQ(message(missing), "w: weight 'frame_proj.1.weight' is missing");
  WeightSet extra = whole;
  extra.add("text_encoder.pooler", DType::f32, {1}, std::vector<std::byte>(4));
  EXPECT_EQ(message(extra), "w: unknown weight 'text_encoder.pooler'");
  WeightSet shaped = whole;
  shaped.tensors["codebook"].shape = {32, 64};
  EXPECT_EQ(message(shaped), "w: weight 'codebook' has shape [32, 64], expected [64, 32]");
  WeightSet typed = whole;
  typed.tensors["codebook"].dtype = DType::i32;
  EXPECT_EQ(message(typed), "w: weight 'codebook' has type I32, expected F32");
  WeightSet lean = whole;  // what no output depends on may be absent
  for (const char* name :
       {"audio_encoder.audio_enc.head.weight", "audio_encoder.audio_enc.tscam_conv.bias"}) {
    lean.tensors.erase(name);
  }
  EXPECT_EQ(message(lean), "accepted");
}

}  // namespace
}  // namespace claptools
