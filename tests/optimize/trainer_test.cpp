// The trainer by itself: repeatable, resumable, the same on one rank and on two.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "claptools/core/error.hpp"
#include "optimize/small_training.hpp"
#include "optimize/thread_ranks.hpp"

namespace claptools {
namespace {

using testing::alone;
using testing::cpu_options;
using testing::floats;
using testing::make_batch;
using testing::same_bytes;
using testing::small_config;
using testing::start_files;
using testing::ThreadRanks;
using testing::train;
using testing::worst_difference;

TEST(Trainer, LearnsABatchByHeart) {
  TrainerOptions options = cpu_options();
  options.spec_augment = false;
  options.drop_path = options.text_dropout = 0;
  TorchTrainer trainer(start_files(), options, alone(), {});
  EXPECT_LT(testing::learn_by_heart(trainer), 0.7);  // measured: 0.52; untrained 1
}

TEST(Trainer, RepeatsItselfBitForBit) {
  TorchTrainer a(start_files(), cpu_options(), alone(), {}),
      b(start_files(), cpu_options(), alone(), {});
  EXPECT_EQ(train(a, 0, 3), train(b, 0, 3));
  EXPECT_TRUE(same_bytes(a.state(), b.state()));
}

TEST(Trainer, GoesOnFromItsStateBitForBit) {
  TrainerOptions options = cpu_options();
  options.average_decay = 0.9;
  TorchTrainer whole(start_files(), options, alone(), {}),
      first(start_files(), options, alone(), {});
  train(whole, 0, 5);
  train(first, 0, 2);
  TorchTrainer second(start_files(), options, alone(), {});
  second.restore(first.state());
  train(second, 2, 5);
  EXPECT_TRUE(same_bytes(whole.state(), second.state()));
  EXPECT_TRUE(same_bytes(whole.weights(true), second.weights(true)));
  EXPECT_FALSE(same_bytes(whole.weights(true), whole.weights(false)));
}

TEST(Trainer, RefusesAStateOfAnotherModel) {
  TorchTrainer trainer(start_files(), cpu_options(), alone(), {});
  ModelConfig other = small_config();
  other.embed_dim = 24;
  TorchTrainer stranger(start_files(other), cpu_options(), alone(), {});
  EXPECT_THROW(trainer.restore(stranger.state()), Error);
}

TEST(Trainer, TwoRanksThatGatherHaveTheGradientsOfTheJoinedBatch) {
  TrainerOptions options = cpu_options();
  options.gather = true;
  TorchTrainer joined(start_files(), options, alone(), {});
  const double loss = joined.accumulate(make_batch(5), 1, true).loss;
  const WeightSet expected = joined.gradients();
  std::mutex mutex;
  ThreadRanks(2).run([&](Communicator& rank) {
    TorchTrainer part(start_files(), options, rank, {});
    const auto first = static_cast<std::size_t>(rank.rank()) * 2;
    const double own = part.accumulate(make_batch(5, first, 2), 1, true).loss;
    const std::lock_guard lock(mutex);
    EXPECT_NEAR(own, loss, 1e-6 * loss);
    const WeightSet gradients = part.gradients();
    EXPECT_LE(worst_difference(expected, gradients, "temp"), 1e-6);
    // The temperature's gradient sums B * B terms of the size of 1 / 0.07^2.
    EXPECT_NEAR(floats(gradients.tensors.at("temp"))[0], floats(expected.tensors.at("temp"))[0],
                2e-5);
  });
}

TEST(Trainer, TwoRanksTakeTwentyStepsAsOne) {
  TrainerOptions options = cpu_options();
  options.gather = true;
  TorchTrainer joined(start_files(), options, alone(), {});
  for (std::uint64_t step = 0; step < 20; ++step) {
    joined.accumulate(make_batch(step), 1, true);
    joined.update(1e-5);
  }
  const WeightSet expected = joined.weights(false);
  std::mutex mutex;
  ThreadRanks(2).run([&](Communicator& rank) {
    TorchTrainer part(start_files(), options, rank, {});
    const auto first = static_cast<std::size_t>(rank.rank()) * 2;
    for (std::uint64_t step = 0; step < 20; ++step) {
      part.accumulate(make_batch(step, first, 2), 1, true);
      part.update(1e-5);
    }
    const std::lock_guard lock(mutex);
    EXPECT_LE(worst_difference(expected, part.weights(false)), 1e-5);
  });
}

TEST(Trainer, AddsUpTheSharesOfSeveralBatches) {
  TorchTrainer trainer(start_files(), cpu_options(), alone(), {});
  const auto gradients_of = [&](std::initializer_list<std::uint64_t> steps, double share) {
    for (const std::uint64_t step : steps) trainer.accumulate(make_batch(step), share, false);
    WeightSet set = trainer.gradients();
    trainer.forget();
    return set;
  };
  const WeightSet first = gradients_of({0}, 0.5), second = gradients_of({1}, 0.5);
  const WeightSet both = gradients_of({0, 1}, 0.5);
  for (const auto& [name, view] : both.tensors) {
    const auto sum = floats(view), x = floats(first.tensors.at(name)),
               y = floats(second.tensors.at(name));
    for (std::size_t i = 0; i < sum.size(); ++i)
      ASSERT_NEAR(sum[i], x[i] + y[i], 1e-5 * (std::abs(x[i]) + std::abs(y[i])) + 1e-9) << name;
  }
  EXPECT_TRUE(trainer.gradients().tensors.empty());
}

TEST(Trainer, KeepsAFrozenTowerAsItIs) {
  TrainerOptions options = cpu_options();
  options.freeze_text = true;
  const ModelFiles start = start_files();
  TorchTrainer trainer(start_files(), options, alone(), {});
  train(trainer, 0, 2);
  const WeightSet after = trainer.weights(false);
  std::size_t kept = 0, moved = 0;
  for (const auto& [name, view] : start.weights.tensors) {
    const bool same = std::ranges::equal(view.bytes, after.tensors.at(name).bytes);
    if (name.starts_with("text_encoder.")) {
      EXPECT_TRUE(same) << name;
      ++kept;
    }
    moved += !same;
  }
  EXPECT_GT(kept, 0U);
  EXPECT_GT(moved, 50U);
}

TEST(Trainer, ClipsTheGradients) {
  // Behind the clipping, gradients are far below epsilon: Adam takes next to no step.
  TrainerOptions options = cpu_options();
  options.clip_norm = 1e-12;
  TorchTrainer trainer(start_files(), options, alone(), {});
  const WeightSet before = trainer.weights(false);
  trainer.accumulate(make_batch(0), 1, true);
  EXPECT_GT(trainer.update(1e-3), 1e-3);
  for (const auto& [name, view] : trainer.weights(false).tensors) {
    if (view.dtype != DType::f32 || name.find("running_") != std::string::npos) continue;
    const auto x = floats(before.tensors.at(name)), y = floats(view);
    for (std::size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(x[i], y[i], 2e-7) << name;
  }
}

TEST(Trainer, SaysThatALossIsNotFinite) {
  TorchTrainer trainer(start_files(), cpu_options(), alone(), {});
  TrainingBatch batch = make_batch(3);
  batch.waveforms.data[0] = NAN;
  EXPECT_THROW(trainer.accumulate(batch, 1, true), Error);
}

class Ablation : public ::testing::TestWithParam<std::pair<const char*, bool>> {};

TEST_P(Ablation, Trains) {
  ModelConfig config = small_config();
  config.pooling = GetParam().first;
  config.audio.local_block = GetParam().second;
  TrainerOptions options = cpu_options();
  options.loss = ContrastiveLoss::info_nce;
  TorchTrainer trainer(start_files(config), options, alone(), {});
  const double before = train(trainer, 0, 1);
  EXPECT_LT(train(trainer, 1, 12), before);
}

INSTANTIATE_TEST_SUITE_P(Variants, Ablation,
                         ::testing::Values(std::pair{"codebook", false}, std::pair{"mean", true},
                                           std::pair{"attention", true}, std::pair{"mean", false}));

}  // namespace
}  // namespace claptools
