#include "claptools/families/mga_clap/config.hpp"

#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

std::string failure(const std::string& json) {
  try {
    check_config(parse_config(json, "config.json", {}), "config.json");
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data);
    return e.what();
  }
  return "accepted";
}

TEST(Config, DefaultsAreThePublishedModel) {
  const ModelConfig config = parse_config("{}", "c", {});
  EXPECT_NO_THROW(check_config(config, "c"));
  EXPECT_EQ(config.audio.width(), 768);
  EXPECT_EQ(config.audio.frames(), 32);
  EXPECT_EQ(config.audio.spec_frames(), 1024);
  EXPECT_EQ(config.audio.window_samples(), 320000);
  EXPECT_EQ(config.text.max_tokens, 30);
}

TEST(Config, RoundTrips) {
  ModelConfig config;
  config.name = "tiny \"x\"";
  config.audio.depths = {1, 2, 2, 2};
  config.text.layer_norm_eps = 1e-5;
  const std::string text = format_config(config);
  EXPECT_EQ(format_config(parse_config(text, "c", {})), text);
}

TEST(Config, UnknownKeysWarn) {
  std::vector<std::string> warnings;
  const Log log = [&](LogLevel, std::string_view message) { warnings.emplace_back(message); };
  parse_config(R"({"colour": 1, "audio": {"n_mels": 64, "dpeths": [1]}})", "c.json", log);
  EXPECT_EQ(warnings, (std::vector<std::string>{"c.json: unknown key 'colour' is ignored",
                                                "c.json: unknown key 'audio.dpeths' is ignored"}));
}

TEST(Config, ManyUnknownKeysAreCounted) {
  std::vector<std::string> warnings;
  const Log log = [&](LogLevel, std::string_view message) { warnings.emplace_back(message); };
  std::string json = "{\"" + std::string(100'000, 'x') + "\": 1";
  for (int i = 0; i < 1000; ++i) json += ", \"k" + std::to_string(i) + "\": 1";
  parse_config(json + "}", "c.json", log);
  ASSERT_EQ(warnings.size(), 6u);
  EXPECT_EQ(warnings.back(), "c.json: 996 more unknown keys are ignored");
  for (const std::string& warning : warnings) EXPECT_LT(warning.size(), 120u);
}

TEST(Config, RefusesWhatNoModelHas) {
  EXPECT_EQ(failure("{"), "config.json: not valid JSON (byte 2)");
  EXPECT_EQ(failure("[]"), "config.json: not a JSON object");
  EXPECT_EQ(failure(R"({"audio": 3})"), "config.json: 'audio' must be an object");
  EXPECT_EQ(failure(R"({"embed_dim": 1024, "embed_dim": 8})"),
            "config.json: key 'embed_dim' occurs twice");
  EXPECT_EQ(failure(R"({"text": )" + std::string(100, '[') + std::string(100, ']') + "}"),
            "config.json: JSON that nests deeper than 64 levels");
  EXPECT_EQ(failure(R"({"model_type": "clap"})"),
            "config.json: config: model_type 'clap' is not known");
  EXPECT_EQ(failure(R"({"name": ")" + std::string(1001, 'n') + "\"}"),
            "config.json: config: name is longer than 1000 bytes");
  EXPECT_LT(failure(R"({"pooling": ")" + std::string(100'000, 'n') + "\"}").size(), 150u);
}

/// Key and value are named, whatever JSON calls a number.
TEST(Config, RefusesNumbersOfAnotherKind) {
  const auto refused = [](const std::string& value) {
    const std::string text = failure(R"({"text": {"hidden_size": )" + value + "}}");
    const std::string begin =
        "config.json: 'text.hidden_size' must be a whole number from 0 to "
        "2147483647, not ";
    EXPECT_TRUE(text.starts_with(begin)) << text;
    return text.substr(std::min(begin.size(), text.size()));
  };
  EXPECT_EQ(refused("-1"), "-1");
  EXPECT_EQ(refused("1e3"), "1000.0");
  EXPECT_EQ(refused("2.5"), "2.5");
  EXPECT_EQ(refused("2147483648"), "2147483648");
  EXPECT_EQ(refused("9223372036854775808"), "9223372036854775808");
  EXPECT_EQ(refused("99999999999999999999"), "1e+20");
  EXPECT_EQ(refused("true"), "true");
  EXPECT_EQ(refused("null"), "null");
  EXPECT_EQ(refused("\"x\""), "\"x\"");
  EXPECT_EQ(failure(R"({"audio": {"depths": [2, 2.5]}})"),
            "config.json: 'audio.depths' must be a whole number from 0 to 2147483647, not 2.5");
  EXPECT_EQ(failure(R"({"audio": {"window_s": 1e999}})"),
            "config.json: a number in it is too large (byte 28)");
}

TEST(Config, RefusesSizesOutOfRange) {
  const auto audio = [](const std::string& rest) {
    return failure(R"({"audio": {)" + rest + "}}")
        .substr(std::string("config.json: config: ").size());
  };
  EXPECT_EQ(audio(R"("hop_length": 0)"), "audio.hop_length is 0, must be 1 to 1048576");
  EXPECT_EQ(audio(R"("sample_rate": 2147483647)"),
            "audio.sample_rate is 2147483647, must be 1 to 1048576");
  EXPECT_EQ(audio(R"("n_fft": 0)"), "audio.n_fft is 0, must be 1 to 1048576");
  EXPECT_EQ(audio(R"("n_fft": 1000000000)"), "audio.n_fft is 1000000000, must be 1 to 1048576");
  EXPECT_EQ(audio(R"("n_fft": 1048576)"), "audio.n_fft is 1048576, must be 2 to 65536");
  EXPECT_EQ(audio(R"("n_fft": 1023)"), "audio.n_fft is 1023, must be even");
  EXPECT_EQ(audio(R"("patch_size": 0)"), "audio.patch_size is 0, must be 1 to 1048576");
  EXPECT_EQ(audio(R"("patch_size": 3)"),
            "audio.spec_size (256) must be a multiple of n_mels (64) and of patch_size (3)");
  EXPECT_EQ(audio(R"("embed_dim": 1048576)"), "audio.embed_dim is 1048576, must be 1 to 65536");
  EXPECT_EQ(audio(R"("window_size": 1024)"), "audio.window_size is 1024, must be 1 to 64");
  EXPECT_EQ(audio(R"("window_size": 7)"),
            "audio.window_size (7) does not divide the grid of stage 0 (64)");
  EXPECT_EQ(audio(R"("depths": [])"), "audio.depths must list 1 to 8 stages, not 0");
  EXPECT_EQ(audio(R"("depths": [2, 2])"),
            "audio.num_heads and audio.depths differ in length (4 and 2)");
  EXPECT_EQ(audio(R"("depths": [2, 2, 2147483647, 2])"),
            "audio.depths of stage 2 is 2147483647, must be 1 to 100");
  EXPECT_EQ(audio(R"("num_heads": [4, 0, 16, 32])"),
            "audio.num_heads of stage 1 is 0, must be 1 to 192");
  EXPECT_EQ(audio(R"("num_heads": [5, 8, 16, 32])"),
            "audio.num_heads of stage 0 (5) does not divide its channels (96)");
  EXPECT_EQ(audio(R"("window_s": 60)"),
            "audio.window_s is 60, has more spectrogram frames than the image holds");
  EXPECT_EQ(audio(R"("window_s": 1e300)"),
            "audio.window_s is 1e+300, must be 1 to 134217728 samples");
  EXPECT_EQ(audio(R"("window_s": 0)"), "audio.window_s is 0, must be 1 to 134217728 samples");
  EXPECT_EQ(audio(R"("window_s": 134218, "hop_length": 1048576)"),
            "audio.window_s is 134218, must be 1 to 134217728 samples");
  EXPECT_EQ(audio(R"("f_max": 1e308)"),
            "audio.f_min (50) and f_max (1e+308) must lie between 0 and half the sample rate");
  EXPECT_EQ(failure(R"({"embed_dim": 999999999})"),
            "config.json: config: embed_dim is 999999999, must be 1 to 1048576");
  EXPECT_EQ(failure(R"({"codebook_temperature": -1})"),
            "config.json: config: codebook_temperature is -1, must be positive");
  EXPECT_EQ(failure(R"({"text": {"hidden_size": 1000000000}})"),
            "config.json: config: text.hidden_size is 1000000000, must be 1 to 1048576");
  EXPECT_EQ(failure(R"({"text": {"num_hidden_layers": 1000000}})"),
            "config.json: config: text.num_hidden_layers is 1000000, must be 1 to 1000");
  EXPECT_EQ(failure(R"({"text": {"num_attention_heads": 5}})"),
            "config.json: config: text.num_attention_heads (5) does not divide hidden_size (768)");
  EXPECT_EQ(failure(R"({"text": {"layer_norm_eps": 0}})"),
            "config.json: config: text.layer_norm_eps is 0, must be above 0, at most 1");
  EXPECT_EQ(failure(R"({"text": {"max_tokens": 1000}})"),
            "config.json: config: text.max_tokens is 1000, must be 3 to 512");
}

/// Each size is possible, all together are not; nothing is asked for to find out.
TEST(Config, RefusesModelsThatNoMachineHolds) {
  EXPECT_EQ(failure(R"({"embed_dim": 1048576, "codebook_size": 1048576})"),
            "config.json: config: a model of more than 64 GiB: weight 'codebook' would have shape "
            "[1048576, 1048576]");
  const std::string text = failure(
      R"({"text": {"hidden_size": 1048576, "num_attention_heads": 16, "vocab_size": 1048576}})");
  EXPECT_NE(text.find("a model of more than 64 GiB"), std::string::npos) << text;
  const std::string layers =
      failure(R"({"text": {"hidden_size": 12288, "num_hidden_layers": 1000}})");
  EXPECT_NE(layers.find("a model of more than 64 GiB"), std::string::npos) << layers;
}

TEST(Config, AFileIsSmall) {
  testing::TempDir dir;
  testing::write_bytes(dir / "config.json", "{}" + std::string(1 << 20, ' '));
  EXPECT_THROW(read_config(dir / "config.json", {}), Error);
  testing::write_bytes(dir / "config.json", "{}");
  EXPECT_NO_THROW(read_config(dir / "config.json", {}));
}

}  // namespace
}  // namespace claptools
