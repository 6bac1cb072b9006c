#include "claptools/engine/known_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "engine/tiny_files.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::tiny_files;
using testing::tiny_model;

TEST(KnownAnswer, IsGivenAgain) {
  const WeightSet answer = known_answer(tiny_model());
  EXPECT_EQ(answer.tensors.at("text").shape, (std::vector<std::int64_t>{3, 32}));
  EXPECT_EQ(answer.tensors.at("audio").shape, (std::vector<std::int64_t>{2, 32}));
  EXPECT_EQ(compare_known_answer(tiny_model(), answer, "tiny"), 0);
}

TEST(KnownAnswer, IsStoredWithAModel) {
  const testing::TempDir folder;
  write_model_directory(folder / "model", tiny_files(), false, known_answer(tiny_model()));
  EXPECT_EQ(compare_known_answer(tiny_model(), read_known_answer(folder / "model"), "tiny"), 0);
  write_model_directory(folder / "bare", tiny_files(), false);
  EXPECT_THROW(read_known_answer(folder / "bare"), Error);
}

/// A regression value, made by this program (clap-model synth) on x86-64; what is right is held by
/// tests/model, which compares with the official code but needs more than LibTorch.
TEST(KnownAnswer, IsWhatItWas) {
  const WeightSet kept =
      read_safetensors(CLAPTOOLS_TEST_DATA "/engine/tiny_known_answer.safetensors");
  EXPECT_LE(compare_known_answer(tiny_model(), kept, "tiny"), kKnownAnswerTolerance);
}

TEST(KnownAnswer, OfAnotherModelIsFarOff) {
  ModelFiles files = tiny_files();
  files.weights = synthetic_weights(testing::tiny_config(), "tiny-2", 64);
  const auto other = testing::load(std::move(files));
  EXPECT_GT(compare_known_answer(*other, known_answer(tiny_model()), "tiny"),
            1000 * kKnownAnswerTolerance);
}

TEST(KnownAnswer, AChangedWeightShows) {
  ModelFiles files = tiny_files();
  testing::fill_weight(files, "audio_encoder.audio_enc.norm.bias", 0);
  const auto changed = testing::load(std::move(files));
  EXPECT_GT(compare_known_answer(*changed, known_answer(tiny_model()), "tiny"),
            kKnownAnswerTolerance);
}

/// Tensors that are not a known answer of the model: absent, of another size, of another type.
TEST(KnownAnswer, OfAnotherShapeIsRefused) {
  for (const char* name : {"text", "audio"}) {
    WeightSet answer = known_answer(tiny_model());
    answer.tensors.erase(name);
    EXPECT_THROW(compare_known_answer(tiny_model(), answer, "tiny"), Error) << name;
    answer.add(name, DType::f32, {1, 32}, std::vector<std::byte>(128));
    EXPECT_THROW(compare_known_answer(tiny_model(), answer, "tiny"), Error) << name;
    answer = known_answer(tiny_model());
    answer.tensors.at(name).dtype = DType::i32;
    EXPECT_THROW(compare_known_answer(tiny_model(), answer, "tiny"), Error) << name;
  }
}

TEST(KnownAnswer, NotANumberIsFarOff) {
  WeightSet answer = known_answer(tiny_model());
  const std::vector<std::byte> nan(3 * 32 * 4, std::byte{0xFF});
  answer.tensors.erase("text");
  answer.add("text", DType::f32, {3, 32}, nan);
  EXPECT_FALSE(compare_known_answer(tiny_model(), answer, "tiny") <= kKnownAnswerTolerance);
}

}  // namespace
}  // namespace claptools
