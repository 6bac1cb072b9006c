// A model opened through the plug-in: what a program sees of it, and what is refused.

#include "claptools/engine/model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <thread>

#include "claptools/engine/probes.hpp"
#include "engine/has_cuda.hpp"
#include "engine/tiny_files.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

using testing::fill_weight;
using ::testing::HasSubstr;
using testing::load;
using testing::tiny_files;
using testing::tiny_model;

constexpr const char* kWords = "text_encoder.text_encoder.embeddings.word_embeddings.weight";

void expect_error(Fault fault, const std::string& text, const std::function<void()>& action) {
  EXPECT_THAT(testing::message_of(fault, action), HasSubstr(text));
}

float norm(std::span<const float> row) {
  double square = 0;
  for (const float x : row) square += double{x} * x;
  return static_cast<float>(std::sqrt(square));
}

AudioEmbeddings embed(const Model& model, const std::vector<std::vector<float>>& sounds,
                      const AudioOutputs& outputs = {}) {
  const std::vector<std::span<const float>> clips(sounds.begin(), sounds.end());
  return model.embed_audio(clips, outputs);
}

TEST(Model, DescribesItself) {
  EXPECT_EQ(tiny_model().device(), "cpu");
  EXPECT_EQ(tiny_model().spec().dim, 32u);
  EXPECT_EQ(tiny_model().spec().name, "tiny");
}

TEST(Model, TakesLogMelsInPlaceOfSounds) {
  const Model& model = tiny_model();
  const std::size_t window = model.spec().audio.window_samples;
  std::vector<std::vector<float>> sounds{std::vector<float>(window), std::vector<float>(window / 2),
                                         std::vector<float>(window)};
  for (std::size_t s = 0; s < sounds.size(); ++s) {
    for (std::size_t i = 0; i < sounds[s].size(); ++i)
      sounds[s][i] = std::sin(static_cast<float>((s + 2) * i % 977));
  }
  std::vector<Matrix> log_mels;
  for (const auto& sound : sounds) log_mels.push_back(model.spectrograms()->log_mel(sound));
  const std::vector<MatrixView> views(log_mels.begin(), log_mels.end());
  const AudioOutputs all{true, true};
  const AudioEmbeddings expected = embed(model, sounds, all);
  const AudioEmbeddings made = model.spectrograms()->embed_log_mels(views, all);
#if defined(__aarch64__)  // they were made one by one, and a batch of another size rounds otherwise
  constexpr float kDifference = 1e-6F;
#else
  constexpr float kDifference = 0;
#endif
  const auto as = [](const std::vector<float>& values) {
    return ::testing::Pointwise(::testing::FloatNear(kDifference), values);
  };
  EXPECT_THAT(made.clips.data, as(expected.clips.data));
  EXPECT_THAT(made.frames.data, as(expected.frames.data));
  EXPECT_THAT(made.affinities.data, as(expected.affinities.data));
  const Matrix longer(log_mels[0].rows + 1000, log_mels[0].cols);
  const MatrixView view = longer;
  expect_error(Fault::data, "spectrogram frames", [&] {
    model.spectrograms()->embed_log_mels({&view, 1}, {});
  });
}

TEST(Model, ASoundModelPassesItsChecks) {
  EXPECT_NO_THROW(tiny_model().check_texts());
  EXPECT_NO_THROW(tiny_model().check_sounds());
}

TEST(Model, GivesUnitRowsOfTheShapesItSays) {
  const auto result = embed(tiny_model(), probe_sounds(tiny_model().spec().audio), {true, true});
  EXPECT_EQ(result.clips.rows, 2u);
  EXPECT_EQ(result.clips.cols, 32u);
  EXPECT_EQ(result.frames.rows, 64u);
  EXPECT_EQ(result.affinities.rows, 2u);
  EXPECT_EQ(result.affinities.cols, 64u);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(norm(result.clips.row(i)), 1, 1e-6);
  for (std::size_t i = 0; i < 64; ++i) EXPECT_NEAR(norm(result.frames.row(i)), 1, 1e-6);
  const Matrix pooled = tiny_model().codebook()->pool(result.affinities);
  for (std::size_t i = 0; i < 64; ++i)
    EXPECT_NEAR(pooled.data[i], result.clips.data[i], 1e-6) << "pooling one window";

  const auto plain = embed(tiny_model(), probe_sounds(tiny_model().spec().audio));
  EXPECT_EQ(plain.clips.data, result.clips.data) << "further outputs change nothing";
  EXPECT_TRUE(plain.frames.data.empty());
  EXPECT_TRUE(plain.affinities.data.empty());
}

TEST(Model, NothingInNothingOut) {
  EXPECT_EQ(embed(tiny_model(), {}).clips.rows, 0u);
  EXPECT_EQ(tiny_model().embed_texts({}).rows, 0u);
  EXPECT_EQ(tiny_model().codebook()->pool({}).rows, 0u);
}

TEST(Model, ServesSeveralThreads) {
  const std::vector<std::string> texts = probe_texts();
  const Matrix alone = tiny_model().embed_texts(texts);
  std::vector<Matrix> results(4);
  std::vector<std::thread> threads;
  for (Matrix& result : results)
    threads.emplace_back([&] { result = tiny_model().embed_texts(texts); });
  for (std::thread& thread : threads) thread.join();
  for (const Matrix& result : results) EXPECT_EQ(result.data, alone.data);
}

TEST(Model, RefusesClipsOfTheWrongLength) {
  expect_error(Fault::data, "512 samples, the model takes 513 to 320000",
               [] { embed(tiny_model(), {std::vector<float>(512)}); });
  expect_error(Fault::data, "320001 samples",
               [] { embed(tiny_model(), {std::vector<float>(320001)}); });
  EXPECT_NO_THROW(embed(tiny_model(), {std::vector<float>(513)}));
}

TEST(Model, ATextTowerThatHearsNoWordsIsRefused) {
  ModelFiles files = tiny_files();
  fill_weight(files, kWords, 0.25f);
  const auto model = load(std::move(files));
  expect_error(Fault::data, "tiny: the text encoder has collapsed", [&] { model->check_texts(); });
  EXPECT_NO_THROW(model->check_sounds());
}

TEST(Model, AnAudioTowerThatHearsNothingIsRefused) {
  ModelFiles files = tiny_files();
  fill_weight(files, "audio_encoder.audio_enc.patch_embed.proj.weight", 0);
  const auto model = load(std::move(files));
  expect_error(Fault::data, "tiny: the audio encoder has collapsed",
               [&] { model->check_sounds(); });
  EXPECT_NO_THROW(model->check_texts());
}

TEST(Model, EmbeddingsOfZeroAreRefused) {
  ModelFiles files = tiny_files();
  fill_weight(files, "codebook", 0);
  const auto model = load(std::move(files));
  expect_error(Fault::data, "the text encoder gives embeddings of zero",
               [&] { model->check_texts(); });
  expect_error(Fault::data, "the audio encoder gives embeddings of zero",
               [&] { model->check_sounds(); });
}

TEST(Model, AWeightThatIsNotFiniteIsNamed) {
  for (const float value : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    ModelFiles files = tiny_files();
    fill_weight(files, "codebook", value);
    expect_error(Fault::data, "tiny: weight 'codebook' is not finite",
                 [&] { load(std::move(files)); });
  }
}

TEST(Model, AVocabularyThatDoesNotFitIsRefused) {
  ModelFiles files = tiny_files();
  files.vocabulary = CLAPTOOLS_TEST_DATA "/text/vocab_micro.txt";
  expect_error(Fault::data, "vocab_micro.txt", [&] { load(std::move(files)); });
  files = tiny_files();
  files.vocabulary = "no/such/vocab.txt";
  expect_error(Fault::no_input, "no/such/vocab.txt", [&] { load(std::move(files)); });
}

TEST(Model, Devices) {
  for (const char* word : {"gpu", "", "cuda:", "cuda:x", "cuda:-1", "cuda:9999999999", "CPU"}) {
    expect_error(Fault::usage, "not a device", [&] { load(tiny_files(), word); });
  }
  EXPECT_NO_THROW(load(tiny_files(), "auto"));
  expect_error(Fault::unavailable, "cuda:99", [] { load(tiny_files(), "cuda:99"); });
  if (testing::has_cuda()) {
    EXPECT_EQ(load(tiny_files(), "auto")->device(), "cuda:0");
    return;
  }
  expect_error(Fault::unavailable, "cuda: no CUDA device", [] { load(tiny_files(), "cuda"); });
  expect_error(Fault::unavailable, "cuda:0: no CUDA device",
               [] { load(tiny_files(), "cuda:all"); });
  EXPECT_EQ(load(tiny_files(), "auto")->device(), "cpu");
}

}  // namespace
}  // namespace claptools
