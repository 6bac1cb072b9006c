#include "claptools/families/mga_clap/import_tower.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "checkpoints/tensor_values.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/families/mga_clap/initial_weights.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

const std::string kFolder = CLAPTOOLS_TEST_DATA "/checkpoints/import/";

/// What make_import.py says that its files hold.
ModelConfig made_config() {
  ModelConfig config;
  config.embed_dim = 6;
  config.codebook_size = 5;
  config.audio.stem_channels = 4;
  config.audio.depths = {1, 2};
  config.audio.num_heads = {1, 2};
  config.audio.spec_size = 64;
  config.audio.n_mels = 16;
  config.audio.num_classes = 3;
  config.audio.window_s = 2;
  config.text.hidden_size = 8;
  config.text.num_hidden_layers = 2;
  config.text.num_attention_heads = 2;
  config.text.intermediate_size = 12;
  config.text.max_position_embeddings = 16;
  config.text.max_tokens = 16;
  config.text.vocab_size = 11;
  check_config(config, "config");
  return config;
}

std::string message_of(const auto& action) { return testing::message_of(Fault::data, action); }

/// Every weight of one tower sums to what the program that made it says; the others are untouched.
void expect_sums(const WeightSet& weights, const WeightSet& before, const std::string& prefix) {
  const Table sums = read_table_file(kFolder + "sums.tsv", Delimiter::tab);
  std::size_t compared = 0;
  for (const auto& row : sums.rows) {
    const auto values = testing::values_of(weights.tensors.at(row[0]));
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    if (row[0].starts_with(prefix)) {
      EXPECT_NEAR(sum, std::stod(row[1]), 1e-9) << row[0];
      ++compared;
    } else {
      EXPECT_EQ(values, testing::values_of(before.tensors.at(row[0]))) << row[0];
    }
  }
  EXPECT_GT(compared, 30u);
}

TEST(ImportWeights, TakesAnAudioSetCheckpoint) {
  const ModelConfig config = made_config();
  const WeightSet before = initial_weights(config, 1);
  const WeightSet source = read_htsat_weights(kFolder + "htsat.ckpt");
  WeightSet weights = before;
  const ImportCount count = import_tower(weights, source, config, Tower::audio, "htsat.ckpt");
  EXPECT_EQ(count.taken, source.tensors.size() - 2);
  EXPECT_EQ(count.ignored, 2u);  // the spectrogram's matrices
  expect_sums(weights, before, "audio_encoder.");
  EXPECT_NO_THROW(check_parameters(weights, model_parameters(config), "w"));
}

TEST(ImportWeights, AnotherTaggingHeadStaysOut) {
  ModelConfig config = made_config();
  config.audio.num_classes = 4;
  WeightSet weights = initial_weights(config, 1);
  const WeightSet source = read_htsat_weights(kFolder + "htsat.ckpt");
  EXPECT_EQ(import_tower(weights, source, config, Tower::audio, "f").ignored, 6u);
  EXPECT_NO_THROW(check_parameters(weights, model_parameters(config), "w"));
}

TEST(ImportWeights, TakesAllOrNothing) {
  ModelConfig config = made_config();
  config.audio.mlp_ratio = 2;
  const WeightSet before = initial_weights(config, 1);
  WeightSet weights = before;
  const WeightSet source = read_htsat_weights(kFolder + "htsat.ckpt");
  EXPECT_EQ(message_of([&] { import_tower(weights, source, config, Tower::audio, "f"); }),
            "f: weight 'audio_encoder.audio_enc.layers.0.blocks.0.mlp.fc1.weight' has shape "
            "[16, 4], expected [8, 4] (and 8 more do not fit)");
  for (const auto& [name, view] : before.tensors) {
    EXPECT_EQ(weights.tensors.at(name).bytes.data(), view.bytes.data()) << name;
  }
  WeightSet cut = read_htsat_weights(kFolder + "htsat.ckpt");
  cut.tensors.erase("audio_encoder.audio_enc.norm.bias");
  EXPECT_EQ(message_of([&] { import_tower(weights, cut, made_config(), Tower::audio, "f"); }),
            "f: weight 'audio_encoder.audio_enc.norm.bias' is missing");
}

TEST(ImportWeights, ACheckpointOfAnotherKindIsRefused) {
  EXPECT_NE(message_of([] {
              read_htsat_weights(CLAPTOOLS_TEST_DATA "/checkpoints/small.pt");
            }).find("no weight whose name begins with 'sed_model.'"),
            std::string::npos);
}

TEST(ImportWeights, TakesBertUnderBothNamings) {
  const ModelConfig config = made_config();
  const WeightSet before = initial_weights(config, 1);
  for (const char* file : {"bert/model.safetensors", "bert_old.safetensors"}) {
    WeightSet weights = before;
    const WeightSet source = read_bert_weights(kFolder + file);
    const ImportCount count = import_tower(weights, source, config, Tower::text, file);
    EXPECT_EQ(count.taken + count.ignored, source.tensors.size());
    expect_sums(weights, before, "text_encoder.");
    EXPECT_NO_THROW(check_parameters(weights, model_parameters(config), "w"));
  }
}

TEST(ImportWeights, AWeightTwiceIsRefused) {
  testing::TempDir dir;
  const std::string header = R"({"bert.a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                             R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})";
  const std::string length = {static_cast<char>(header.size()), 0, 0, 0, 0, 0, 0, 0};
  testing::write_bytes(dir / "two", length + header + "xx");
  EXPECT_NE(message_of([&] { read_bert_weights(dir / "two"); }).find("under two names"),
            std::string::npos);
}

TEST(BertConfig, IsReadFromHuggingFace) {
  const TextConfig text = read_bert_config(kFolder + "bert/config.json");
  EXPECT_EQ(text.hidden_size, 8);
  EXPECT_EQ(text.num_hidden_layers, 2);
  EXPECT_EQ(text.num_attention_heads, 2);
  EXPECT_EQ(text.intermediate_size, 12);
  EXPECT_EQ(text.max_position_embeddings, 16);
  EXPECT_EQ(text.vocab_size, 11);
  EXPECT_EQ(text.layer_norm_eps, 1e-12);
  EXPECT_EQ(text.max_tokens, 16);  // 30 do not fit
}

TEST(BertConfig, OtherArchitecturesAreRefused) {
  testing::TempDir dir;
  const auto message = [&](const std::string& json) {
    testing::write_bytes(dir / "c", json);
    return message_of([&] { read_bert_config(dir / "c"); }).substr((dir / "c").native().size());
  };
  const std::string good = testing::read_bytes(kFolder + "bert/config.json");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string json = good;
    const std::size_t at = json.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return message(json.replace(at, from.size(), to));
  };
  EXPECT_EQ(message("[]"), ": not a JSON object");
  EXPECT_EQ(message("{"), ": not valid JSON (byte 2)");
  EXPECT_EQ(message("{}"), ": 'model_type' is missing");
  EXPECT_EQ(with(R"("model_type": "bert")", R"("model_type": "roberta")"),
            R"(: 'model_type' is "roberta", only "bert" is known)");
  EXPECT_EQ(with(R"("hidden_act": "gelu")", R"("hidden_act": "relu")"),
            R"(: 'hidden_act' is "relu", only "gelu" is known)");
  EXPECT_EQ(with(R"("absolute")", R"("relative_key")"),
            R"(: 'position_embedding_type' is "relative_key", only "absolute" is known)");
  EXPECT_EQ(with(R"("vocab_size": 11)", R"("words": 11)"), ": 'vocab_size' is missing");
  EXPECT_EQ(with(R"("hidden_size": 8)", R"("hidden_size": "8")"),
            ": 'text.hidden_size' must be a whole number from 0 to 2147483647, not \"8\"");
  EXPECT_EQ(with(R"("num_attention_heads": 2)", R"("num_attention_heads": 3)"),
            ": config: text.num_attention_heads (3) does not divide hidden_size (8)");
}

}  // namespace
}  // namespace claptools
