#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "model/tensors.hpp"

namespace claptools {
namespace {

at::Tensor noise(std::int64_t clips, std::int64_t samples) {
  at::manual_seed(7);
  return at::randn({clips, samples}) * 0.1;
}

at::Tensor embed(const at::Tensor& waveform) {
  const c10::InferenceMode guard;
  return testing::tiny_network().embed(testing::tiny_network().encode_audio(waveform));
}

TEST(Network, AudioRowsDoNotDependOnTheBatch) {
  const at::Tensor clips = noise(8, 320000);
  const at::Tensor together = embed(clips);
  for (const std::int64_t size : {1, 3}) {
    for (std::int64_t first = 0; first + size <= 8; first += size) {
      const at::Tensor part = embed(clips.narrow(0, first, size));
      EXPECT_LE(testing::max_abs_difference(part, together.narrow(0, first, size)), 1e-6)
          << size << " at " << first;
    }
  }
}

TEST(Network, TextRowsDoNotDependOnPaddingCompanions) {
  const c10::InferenceMode guard;
  const auto& network = testing::tiny_network();
  const auto run = [&](const at::Tensor& ids, const at::Tensor& attention) {
    at::Tensor words = attention.narrow(1, 1, attention.size(1) - 1).to(at::kFloat);
    const at::Tensor last = attention.sum(1) - 2;  // [SEP] is no word
    words.scatter_(1, last.unsqueeze(1), 0);
    return network.embed(network.encode_text(ids, attention, words));
  };
  at::manual_seed(8);
  const at::Tensor ids = at::randint(1000, 30000, {8, 30}, at::kLong);
  const at::Tensor lengths = at::randint(2, 31, {8, 1}, at::kLong);
  const at::Tensor attention = at::arange(30).unsqueeze(0) < lengths;
  const at::Tensor together = run(ids, attention);
  for (std::int64_t i = 0; i < 8; ++i) {
    const std::int64_t length = lengths[i].item<std::int64_t>();
    const at::Tensor alone = run(ids.narrow(0, i, 1).narrow(1, 0, length),
                                 attention.narrow(0, i, 1).narrow(1, 0, length));
    EXPECT_LE(testing::max_abs_difference(alone, together.narrow(0, i, 1)), 1e-6) << length;
  }
}

TEST(Network, AnEmptyTextIsTheMeanOfTheCodewords) {
  const c10::InferenceMode guard;
  const auto& network = testing::tiny_network();
  const at::Tensor ids = at::tensor({101, 102}, at::kLong).view({1, 2});
  const EncodedSide encoded =
      network.encode_text(ids, at::ones({1, 2}, at::kBool), at::zeros({1, 1}));
  EXPECT_EQ(encoded.affinity.abs().max().item<float>(), 0);
  EXPECT_LE(testing::max_abs_difference(sparsemax(encoded.affinity), at::full({1, 64}, 1.0 / 64)),
            1e-7);
}

TEST(Network, RefusesMoreFramesThanTheImageHolds) { EXPECT_THROW(embed(noise(1, 330000)), Error); }

}  // namespace
}  // namespace claptools
