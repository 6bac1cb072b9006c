// A training step of a GPU against the processor's, from the same weights and the same batch.
// Dropout of texts is left out: a GPU draws its own.

#include "support/cuda.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <sstream>
#include <string>

#include "claptools/core/error.hpp"
#include "optimize/small_training.hpp"
#include "optimize/thread_ranks.hpp"

namespace claptools {
namespace {

using testing::alone;
using testing::floats;
using testing::make_batch;
using testing::start_files;

/// A batch's loss and gradients.
struct Pass {
  LossReport report;
  WeightSet gradients;
};

class CudaTrainer : public testing::Cuda {
 protected:
  static TrainerOptions options(const std::string& where,
                                TrainingPrecision precision = TrainingPrecision::fp32) {
    TrainerOptions options;
    options.device = where;
    options.precision = precision;
    options.text_dropout = 0;
    return options;
  }

  static bool is_finite(const WeightSet& set) {
    for (const auto& [name, view] : set.tensors) {
      for (const float x : floats(view))
        if (!std::isfinite(x)) return false;
    }
    return true;
  }

  /// In fp16 the first scales may be too large; an update halves them and changes no weight.
  static Pass pass(const TrainerOptions& options) {
    TorchTrainer trainer(start_files(), options, alone(), {});
    for (int i = 0; i < 20; ++i) {
      Pass made{trainer.accumulate(make_batch(5), 1, true), trainer.gradients()};
      if (is_finite(made.gradients)) return made;
      trainer.update(1e-3);
    }
    ADD_FAILURE() << "no finite gradients";
    return {};
  }

  /// Of all gradients as one vector; 0 where a weight has a gradient on one side alone.
  static double cosine(const WeightSet& a, const WeightSet& b) {
    double ab = 0, aa = 0, bb = 0;
    if (a.tensors.size() != b.tensors.size()) return 0;
    for (const auto& [name, view] : a.tensors) {
      const auto x = floats(view), y = floats(b.tensors.at(name));
      for (std::size_t i = 0; i < x.size(); ++i) {
        ab += double{x[i]} * y[i];
        aa += double{x[i]} * x[i];
        bb += double{y[i]} * y[i];
      }
    }
    return ab / std::sqrt(aa * bb);
  }

  static void expect_near(TrainingPrecision precision, double loss, double gradients) {
    const Pass exact = pass(options("cpu")), made = pass(options(device(), precision));
    EXPECT_NEAR(made.report.loss, exact.report.loss, loss * exact.report.loss);
    EXPECT_NEAR(made.report.regulariser, exact.report.regulariser, loss * exact.report.regulariser);
    const double along = cosine(made.gradients, exact.gradients);
    EXPECT_GE(along, gradients);
    const auto text = [](double x) { return (std::ostringstream() << x).str(); };
    RecordProperty("one_less_cosine_of_gradients", text(1 - along));
    RecordProperty("loss_ratio_less_one", text(made.report.loss / exact.report.loss - 1));
  }

  /// The loss of one batch after 30 updates, as a part of the first.
  static double left_of_the_loss(TrainingPrecision precision) {
    TrainerOptions chosen = options(device(), precision);
    chosen.spec_augment = false;
    chosen.drop_path = 0;
    chosen.average_decay = 0.9;
    TorchTrainer trainer(start_files(), chosen, alone(), {});
    const double left = testing::learn_by_heart(trainer);
    EXPECT_TRUE(is_finite(trainer.weights(true)));
    return left;
  }
};

TEST_F(CudaTrainer, Fp32StepIsTheProcessors) { expect_near(TrainingPrecision::fp32, 1e-4, 0.9999); }

TEST_F(CudaTrainer, Bf16StepIsNear) { expect_near(TrainingPrecision::bf16, 0.02, 0.97); }

TEST_F(CudaTrainer, Fp16StepIsNear) {
  if (!on_gpu()) GTEST_SKIP() << "fp16 needs a GPU";
  expect_near(TrainingPrecision::fp16, 0.005, 0.99);
}

TEST_F(CudaTrainer, LearnsABatchByHeart) {
  EXPECT_LT(left_of_the_loss(TrainingPrecision::fp32), 0.7);  // on a processor: 0.52
  EXPECT_LT(left_of_the_loss(TrainingPrecision::bf16), 0.7);
  if (on_gpu()) {
    EXPECT_LT(left_of_the_loss(TrainingPrecision::fp16), 0.7);
  }
}

TEST_F(CudaTrainer, AFrozenTowerIsTheProcessors) {
  const auto loss = [](TrainerOptions chosen) {
    chosen.freeze_text = true;
    TorchTrainer trainer(start_files(), chosen, alone(), {});
    testing::train(trainer, 0, 2);
    return trainer.accumulate(make_batch(2), 1, true).loss;
  };
  const double exact = loss(options("cpu"));
  EXPECT_NEAR(loss(options(device())), exact, 1e-3 * exact);
}

TEST_F(CudaTrainer, AStateMovesToTheProcessorAndBack) {
  const auto made = [](const TrainerOptions& chosen, const WeightSet& state) {
    TorchTrainer trainer(start_files(), chosen, alone(), {});
    trainer.restore(state);
    return trainer.state();
  };
  TorchTrainer trainer(start_files(), options(device()), alone(), {});
  testing::train(trainer, 0, 2);
  const WeightSet state = trainer.state(), moved = made(options("cpu"), state);
  EXPECT_TRUE(testing::same_bytes(moved, state));
  EXPECT_TRUE(testing::same_bytes(made(options(device()), moved), state));
}

TEST_F(CudaTrainer, TwoRanksOfOneGpuHaveTheGradientsOfTheJoinedBatch) {
  TrainerOptions chosen = options(device());
  chosen.gather = true;
  TorchTrainer joined(start_files(), chosen, alone(), {});
  const double loss = joined.accumulate(make_batch(5), 1, true).loss;
  const WeightSet expected = joined.gradients();
  std::mutex mutex;
  testing::ThreadRanks(2).run([&](Communicator& rank) {
    TorchTrainer part(start_files(), chosen, rank, {});
    const auto first = static_cast<std::size_t>(rank.rank()) * 2;
    const double own = part.accumulate(make_batch(5, first, 2), 1, true).loss;
    const std::lock_guard lock(mutex);
    EXPECT_NEAR(own, loss, 1e-4 * loss);
    EXPECT_GE(cosine(part.gradients(), expected), 0.9999);
  });
}

}  // namespace
}  // namespace claptools
