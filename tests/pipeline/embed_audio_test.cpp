#include "claptools/pipeline/embed_audio.hpp"

#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "pipeline/fake_model.hpp"
#include "pipeline/recordings.hpp"

namespace claptools {
namespace {

/// What a run gave, rows and errors as text in the order they came.
struct Outcome {
  std::vector<std::string> lines;
  std::vector<std::vector<float>> embeddings;
  std::vector<std::size_t> frame_counts;
  EmbedSummary summary;
};

std::string seconds(double value) { return std::to_string(static_cast<int>(value * 1000 + 0.5)); }

class EmbedAudio : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& bytes) {
    testing::write_bytes(dir_ / name, bytes);
    names_.push_back(name);
    return name;
  }

  Outcome run(const EmbedOptions& options) {
    Outcome outcome;
    const RowSink sink{[&](const EmbeddingRows& rows) { collect(rows, outcome); },
                       [&](const InputError& e) {
                         outcome.lines.push_back(e.id + " " + e.stage + ": " + e.message);
                       }};
    std::size_t next = 0;
    const InputSource source = [&]() -> std::optional<AudioInput> {
      if (next == names_.size()) return std::nullopt;
      const std::string name = names_[next++];
      const AudioSource audio{dir_ / name};
      return AudioInput{name, audio, {"meta of " + name}};
    };
    outcome.summary = embed_audio(model_, source, options, sink, stop_);
    return outcome;
  }

  static void collect(const EmbeddingRows& rows, Outcome& outcome) {
    for (std::size_t i = 0; i < rows.segments.size(); ++i) {
      const Segment& s = rows.segments[i];
      outcome.lines.push_back(s.id + " " + seconds(s.start_s) + "-" + seconds(s.end_s));
      const auto row = rows.embeddings.row(i);
      outcome.embeddings.emplace_back(row.begin(), row.end());
      EXPECT_EQ(rows.meta[0][i], "meta of " + s.id);
    }
    outcome.frame_counts.insert(outcome.frame_counts.end(), rows.frame_counts.begin(),
                                rows.frame_counts.end());
  }

  EmbedOptions options(int threads = 1, std::size_t batch = 1) {
    EmbedOptions o;
    o.window_s = o.hop_s = 1;
    o.min_tail_s = 0.05;
    o.threads = threads;
    o.batch = batch;
    return o;
  }

  testing::TempDir dir_;
  std::vector<std::string> names_;
  testing::FakeModel model_;
  std::atomic<bool> stop_ = false;
};

TEST_F(EmbedAudio, RowsComeInInputOrderWhateverTheThreads) {
  for (int i = 0; i < 40; ++i)
    file("clip" + std::to_string(i) + ".wav",
         testing::ramp_wav(static_cast<std::size_t>(100 + 977 * i % 5000)));
  const Outcome one = run(options());
  EXPECT_EQ(one.summary.inputs, 40u);
  EXPECT_EQ(one.summary.rows, one.lines.size());
  for (const auto& [threads, batch] : {std::pair{1, 7}, {4, 1}, {4, 5}, {8, 64}}) {
    const Outcome many = run(options(threads, static_cast<std::size_t>(batch)));
    EXPECT_EQ(many.lines, one.lines) << threads << " threads, batch " << batch;
    EXPECT_EQ(many.embeddings, one.embeddings);
  }
  EXPECT_GT(model_.largest_batch, 5u);
}

TEST_F(EmbedAudio, WindowsOfALongRecordingFollowOneAnother) {
  file("long.wav", testing::ramp_wav(12300));
  const Outcome outcome = run(options(2, 3));
  ASSERT_EQ(outcome.lines.size(), 13u);
  EXPECT_EQ(outcome.lines[0], "long.wav 0-1000");
  EXPECT_EQ(outcome.lines[12], "long.wav 12000-12300");
  EXPECT_EQ(outcome.embeddings[9][1], 9.0f);   // first sample of the tenth window
  EXPECT_EQ(outcome.embeddings[12][2], 0.0f);  // zeros fill the last
  EXPECT_EQ(outcome.embeddings[12][3], 1000.0f);
}

TEST_F(EmbedAudio, FailedInputsCostNoOtherRow) {
  file("a.wav", testing::ramp_wav(500));
  file("empty.wav", "");
  file("b.wav", testing::ramp_wav(1500));
  names_.push_back("missing.wav");
  file("cut.wav", testing::ramp_wav(9000).substr(0, 30000));
  file("loud.wav", testing::ramp_wav(800, 700));
  file("c.wav", testing::ramp_wav(300));
  for (const std::size_t batch : {1, 4}) {
    const Outcome outcome = run(options(2, batch));
    ASSERT_EQ(outcome.lines.size(), 8u);
    EXPECT_EQ(outcome.lines[0], "a.wav 0-500");
    EXPECT_EQ(outcome.lines[1].substr(0, 17), "empty.wav decode:");
    EXPECT_EQ(outcome.lines[2], "b.wav 0-1000");
    EXPECT_EQ(outcome.lines[3], "b.wav 1000-1500");
    EXPECT_EQ(outcome.lines[4].substr(0, 17), "missing.wav open:");
    EXPECT_EQ(outcome.lines[5].substr(0, 15), "cut.wav decode:");  // and none of its whole windows
    EXPECT_EQ(outcome.lines[6], "loud.wav embed: too loud for this model");
    EXPECT_EQ(outcome.lines[7], "c.wav 0-300");
    EXPECT_EQ(outcome.summary.failed, 4u);
    EXPECT_EQ(outcome.summary.inputs, 7u);
  }
}

TEST_F(EmbedAudio, StrictStopsAtTheFirstFailure) {
  file("a.wav", testing::ramp_wav(500));
  file("empty.wav", "");
  EmbedOptions strict = options();
  strict.strict = true;
  EXPECT_THROW(run(strict), Error);
}

TEST_F(EmbedAudio, PoolsWindowsOfARecording) {
  file("long.wav", testing::ramp_wav(2500));
  file("short.wav", testing::ramp_wav(200));
  EmbedOptions pooled = options(2, 2);
  pooled.short_audio = ShortAudio::repeat;
  pooled.pooling = Pooling::codebook;
  const Outcome codebook = run(pooled);
  EXPECT_EQ(codebook.lines, (std::vector<std::string>{"long.wav 0-2500", "short.wav 0-200"}));
  EXPECT_EQ(codebook.embeddings[0][1], 2.0f);  // the largest first sample of its three windows
  pooled.pooling = Pooling::first;
  const Outcome first = run(pooled);
  EXPECT_EQ(first.lines[0], "long.wav 0-1000");
  EXPECT_EQ(first.embeddings[0][1], 0.0f);
  pooled.pooling = Pooling::mean;
  const auto mean = run(pooled).embeddings[0];
  double norm = 0;
  for (const float x : mean) norm += double{x} * x;
  EXPECT_NEAR(norm, 1, 1e-6);
  EXPECT_NEAR(mean[1] / mean[3], 3.0 / 3000, 1e-6);
}

TEST_F(EmbedAudio, FramesFollowTheirRows) {
  file("long.wav", testing::ramp_wav(2500));
  EmbedOptions o = options();
  o.frames = true;
  EXPECT_EQ(run(o).frame_counts, (std::vector<std::size_t>{32, 32, 32}));
  o.pooling = Pooling::mean;
  EXPECT_THROW(run(o), Error);
}

TEST_F(EmbedAudio, StopEndsTheRun) {
  for (int i = 0; i < 50; ++i) file("clip" + std::to_string(i) + ".wav", testing::ramp_wav(1000));
  stop_ = true;
  const Outcome outcome = run(options(2, 2));
  EXPECT_TRUE(outcome.summary.interrupted);
  EXPECT_LT(outcome.lines.size(), 50u);
}

TEST_F(EmbedAudio, ErrorsOfTheSinkEndTheRun) {
  for (int i = 0; i < 50; ++i) file("clip" + std::to_string(i) + ".wav", testing::ramp_wav(5000));
  std::size_t next = 0;
  const InputSource source = [&]() -> std::optional<AudioInput> {
    if (next == names_.size()) return std::nullopt;
    const auto& name = names_[next++];
    return AudioInput{name, {(dir_ / name).native()}, {}};
  };
  const RowSink sink{[](const EmbeddingRows&) { throw Error(Fault::io, "out.h5", "disk full"); },
                     [](const InputError&) {}};
  EXPECT_THROW(embed_audio(model_, source, options(4, 2), sink, stop_), Error);
}

TEST_F(EmbedAudio, RefusesOptionsThatCannotBe) {
  EmbedOptions o = options();
  o.window_s = 2;
  EXPECT_THROW(run(o), Error);
  o = options();
  o.hop_s = 0;
  EXPECT_THROW(run(o), Error);
}

}  // namespace
}  // namespace claptools
