#include "claptools/runs/run_header.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "pipeline/fake_model.hpp"

namespace claptools {
namespace {

TEST(RunHeader, OptionsAreWordsAndPlainNumbers) {
  EmbedOptions options;
  EXPECT_EQ(describe_options(options, false),
            "window=10 hop=10 min-tail=0.5 short=zero pool=none frames=0 dtype=f32");
  options.window_s = 2.5;
  options.hop_s = 1.0 / 3;
  options.min_tail_s = 0.00001;
  options.short_audio = ShortAudio::stretch;
  options.pooling = Pooling::codebook;
  options.frames = true;
  options.max_duration_s = 86400000;
  options.stream.number = 3;
  options.time_zero = TimeZero::container;
  EXPECT_EQ(describe_options(options, true),
            "window=2.5 hop=0.3333333333333333 min-tail=1e-05 short=stretch pool=codebook frames=1 "
            "max-duration=86400000 stream=3 time-zero=container dtype=f16");
  EXPECT_EQ(describe_text_options(true, false), "clean-captions=1 dtype=f32");
}

TEST(RunHeader, ReadingIsDescribedWhereItIsNotTheDefault) {
  EmbedOptions options;
  EXPECT_EQ(describe_reading(options), "");
  options.stream = parse_stream_choice("deu");
  EXPECT_EQ(describe_reading(options), "stream=deu ");
}

TEST(RunHeader, AudioIsDescribed) {
  EmbedOptions options;
  options.window_s = 0.8;
  options.hop_s = 0.4;
  options.short_audio = ShortAudio::repeat;
  EmbeddingHeader header;
  header.model_sha256 = "00ff";
  describe_audio(options, testing::FakeModel(), header);
  EXPECT_EQ(header.sample_rate, 1000);
  EXPECT_TRUE(header.space.ends_with(":0.8s:repeat:none:fp32")) << header.space;
  EXPECT_EQ(header.window_s, 0.8);
  EXPECT_EQ(header.hop_s, 0.4);
  EXPECT_EQ(header.short_audio, "repeat");
  EXPECT_EQ(header.frame_hop_s, 0);
  options.frames = true;
  describe_audio(options, testing::FakeModel(), header);
  EXPECT_EQ(header.frame_hop_s, 0.025);
}

TEST(RunFingerprint, ChangesWithAllThatShapesRowsAndWithNothingElse) {
  EmbeddingHeader header;
  header.tool = "test 1";
  header.model_sha256 = "00ff";
  header.options = "window=10";
  header.meta_columns = {"label"};
  const RunConditions conditions{"c0", "cuda:1", 8};
  const std::string before = run_fingerprint(header, conditions);
  EXPECT_EQ(before,
            "kind=audio\ntool=test 1\nmodel=00ff\nconfig=c0\noptions=window=10\nprecision=fp32\n"
            "batch=8\ndevice=cuda\nshard=0/0\ncolumn=label\n");
  std::set<std::string> different = {before};
  const auto change = [&](const std::function<void(EmbeddingHeader&, RunConditions&)>& by) {
    EmbeddingHeader changed = header;
    RunConditions among = conditions;
    by(changed, among);
    return run_fingerprint(changed, among);
  };
  EXPECT_EQ(change([](auto& h, auto&) { h.command = h.created = "later"; }), before);
  EXPECT_EQ(change([](auto&, auto& c) { c.device = "cuda:0"; }), before);
  for (const auto& by : std::vector<std::function<void(EmbeddingHeader&, RunConditions&)>>{
           [](auto&h, auto&) { h.kind = "text"; }, [](auto&h, auto&) { h.tool = "test 2"; },
           [](auto&h, auto&) { h.model_sha256 = "11ff"; },
           [](auto&h, auto&) { h.options = "window=5"; },
           [](auto&h, auto&) { h.precision = "bf16"; }, [](auto&h, auto&) { h.shard_count = 2; },
           [](auto&h, auto&) { h.meta_columns = {}; }, [](auto&h, auto&) { h.shard_deal = "00ee"; },
           [](auto&, auto&c) { c.config_sha256 = "c1"; }, [](auto&, auto&c) { c.device = "cpu"; },
           [](auto&, auto&c) { c.batch = 9; }})
    EXPECT_TRUE(different.insert(change(by)).second) << different.size();
}

}  // namespace
}  // namespace claptools
