// What msclap's and WavCaps' checkpoints are, recognised by the names and shapes of their weights.

#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "claptools/families/family.hpp"
#include "claptools/families/ms_clap/parameters.hpp"
#include "claptools/families/wavcaps/config.hpp"

namespace claptools {
namespace {

/// Weights of shapes alone: nothing of their bytes is looked at.
WeightSet shapes_of(const std::vector<Parameter>& parameters) {
  WeightSet weights;
  for (const Parameter& parameter : parameters)
    weights.tensors[parameter.name] = {parameter.dtype, parameter.shape, {}};
  return weights;
}

ModelSource checkpoint(const WeightSet& weights) { return {"m.pt", {}, {}, {}, {}, weights}; }

ms_clap::Config small_ms_clap() {
  ms_clap::Config config = ms_clap::default_config();
  config.embed_dim = 24;
  config.audio.n_fft = 256;
  config.audio.depths = {1, 2, 2, 1};
  config.text.hidden_size = 128;
  config.text.heads = 2;
  config.text.layers = 3;
  config.text.inner_size = 200;
  config.text.positions = config.text.max_tokens = 96;
  config.text.vocab_size = 526;
  return config;
}

TEST(MsClap, ShapesTellWhatItIs) {
  const ms_clap::Config config = small_ms_clap();
  const WeightSet weights = shapes_of(ms_clap::model_parameters(config));
  EXPECT_EQ(find_family(checkpoint(weights)).name, "msclap");
  EXPECT_EQ(
      ms_clap::format_config(ms_clap::infer_config(weights, ms_clap::default_config(), "m.pt")),
      ms_clap::format_config(config));
}

TEST(MsClap, AConfigurationIsWrittenAsItIsRead) {
  ms_clap::Config config = small_ms_clap();
  config.name = "another";
  config.mel_sample_rate = 44100;
  const std::string text = ms_clap::format_config(config);
  const auto read = [&](const std::string& json) {
    return ms_clap::parse_config(json, "config.json", {}, ms_clap::default_config());
  };
  EXPECT_EQ(ms_clap::format_config(read(text)), text);
  EXPECT_NO_THROW(ms_clap::check_config(read(text), "config.json"));
  for (const char* wrong :
       {R"({"audio": {"mel_sample_rate": 20000}})", R"({"audio": {"local_block": true}})",
        R"({"text": {"n_head": 7}})", R"({"text": {"max_tokens": 2000}})",
        R"({"text": {"n_positions": 0}})", R"({"embed_dim": 0})"}) {
    EXPECT_THROW(ms_clap::check_config(read(wrong), "config.json"), Error) << wrong;
  }
}

TEST(MsClap, FiltersAreThoseOfAnotherRate) {
  const AudioConfig filters = ms_clap::filter_config(ms_clap::default_config());
  EXPECT_EQ(filters.sample_rate, 32000);
  EXPECT_EQ(ms_clap::default_config().audio.sample_rate, 44100);
  EXPECT_EQ(ms_clap::default_config().audio.window_samples(), 308700);
}

TEST(WavCaps, ShapesTellWhatItIs) {
  wavcaps::Config config = wavcaps::default_config();
  config.embed_dim = 24;
  config.audio.n_fft = 256;
  config.text.num_hidden_layers = 3;
  const WeightSet weights = shapes_of(wavcaps::model_parameters(config));
  EXPECT_EQ(find_family(checkpoint(weights)).name, "wavcaps");
  EXPECT_EQ(
      wavcaps::format_config(wavcaps::infer_config(weights, wavcaps::default_config(), "m.pt")),
      wavcaps::format_config(config));
}

TEST(WavCaps, AConfigurationIsWrittenAsItIsRead) {
  wavcaps::Config config = wavcaps::default_config();
  config.name = "another";
  config.text.max_tokens = 20;
  const std::string text = wavcaps::format_config(config);
  const wavcaps::Config read =
      wavcaps::parse_config(text, "config.json", {}, wavcaps::default_config());
  EXPECT_EQ(wavcaps::format_config(read), text);
  EXPECT_NO_THROW(wavcaps::check_config(read, "config.json"));
}

}  // namespace
}  // namespace claptools
