// What a model of LAION's is, recognised by the files of either program.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/families/laion_clap/parameters.hpp"
#include "support/temp_dir.hpp"

namespace claptools::laion_clap {
namespace {

namespace fs = std::filesystem;

const fs::path kTiny = CLAPTOOLS_TEST_DATA "/families/hf-unfused-tiny";

Config read(const char* file) {
  std::ifstream in(kTiny / file);
  std::ostringstream text;
  text << in.rdbuf();
  const WeightSet none;
  return read_hf_config({kTiny, kTiny / file, text.str(), "clap", {}, none});
}

TEST(HuggingFaceConfig, DefaultsMayBeLeftOut) {
  const Config whole = read("config.json");
  EXPECT_EQ(format_config(read("config_minimal.json")), format_config(whole));
  EXPECT_EQ(whole.name, "hf-unfused-tiny");
  EXPECT_EQ(whole.audio.depths, (std::vector{1, 2, 2, 1}));
  EXPECT_EQ(whole.audio.n_fft, 512);
  EXPECT_EQ(whole.audio.f_min, 50);
  EXPECT_EQ(whole.text.max_tokens, 128);
  EXPECT_EQ(whole.text.layer_norm_eps, 1e-12);
  EXPECT_EQ(whole.short_audio, "repeatpad");
  EXPECT_NO_THROW(check_config(whole, "config.json"));
}

TEST(HuggingFaceConfig, IsWrittenAsItIsRead) {
  testing::TempDir dir;
  const Config whole = read("config.json");
  testing::write_bytes(dir / "config.json", format_hf_config(whole));
  testing::write_bytes(dir / kFrontEndFile, format_hf_front_end(whole));
  const WeightSet none;
  const Config back =
      read_hf_config({dir.path(), dir / "config.json", format_hf_config(whole), "clap", {}, none});
  EXPECT_EQ(format_config(back), format_config(whole));
}

TEST(OwnConfig, IsWrittenAsItIsRead) {
  Config config = default_config(Layout::laion);
  config.name = "another";
  config.fusion = true;
  config.audio.mel_filters = MelFilters::htk;
  config.audio.qkv_bias = false;
  const std::string text = format_config(config);
  const Config back = parse_config(text, "config.json", {}, default_config(Layout::transformers));
  EXPECT_EQ(format_config(back), text);
}

TEST(Parameters, HaveTheNamesOfBothPrograms) {
  const std::string keys = CLAPTOOLS_SHARED "/goldens-families/laion_keys_fused-full.tsv";
  if (!fs::exists(keys)) GTEST_SKIP() << "no goldens beside the checkout";
  Config config = default_config(Layout::laion);
  config.fusion = true;
  std::map<std::string, std::string> shapes;
  for (const Parameter& parameter : model_parameters(config)) {
    std::string shape;
    for (const auto size : parameter.shape)
      shape += (shape.empty() ? "" : "x") + std::to_string(size);
    shapes[parameter.name] = shape.empty() ? "scalar" : shape;
  }
  std::size_t rows = 0;
  for (const auto& row : read_table_file(keys, Delimiter::tab).rows) {
    std::string names;
    for (const std::string& name : file_names(Layout::transformers, row[0]))
      names += (names.empty() ? "" : ",") + name;
    if (row[3] != "-") {
      EXPECT_EQ(names, row[3]) << row[0];
    }
    EXPECT_EQ(shapes[row[0]], row[1]) << row[0];
    ++rows;
  }
  EXPECT_EQ(shapes.size(), rows + 1);  // token_type_ids, which some files have
}

TEST(Parameters, ShapesGiveTheArchitectureBack) {
  Config config = default_config(Layout::laion);
  config.embed_dim = 24;
  config.fusion = true;
  config.audio.mel_filters = MelFilters::htk;
  config.audio.n_fft = 512;
  config.audio.stem_channels = 8;
  config.audio.depths = {1, 2, 2, 1};
  config.audio.num_heads = {2, 2, 4, 4};
  config.audio.num_classes = 7;
  config.text.hidden_size = 32;
  config.text.num_hidden_layers = 2;
  config.text.intermediate_size = 64;
  config.text.max_position_embeddings = 130;
  config.text.vocab_size = 530;
  WeightSet weights;
  for (const Parameter& parameter : model_parameters(config)) {
    const std::size_t bytes = tensor_bytes(parameter.dtype, parameter.shape).value();
    weights.add(parameter.name, parameter.dtype, parameter.shape, std::vector<std::byte>(bytes));
  }
  EXPECT_EQ(format_config(infer_config(weights, default_config(Layout::laion), "w")),
            format_config(config));
}

}  // namespace
}  // namespace claptools::laion_clap
