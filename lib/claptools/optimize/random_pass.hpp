#pragma once

#include <cstdint>

#include "claptools/engine/trainer.hpp"
#include "claptools/model/training_pass.hpp"

namespace claptools {

/// One training pass over one batch. On the CPU everything random is a function of seed, step and
/// the sample's place in the batch of all ranks: a run repeats itself bit for bit, wherever it was
/// resumed and however many processes share it. CUDA draws its dropout on the device, from seed and
/// step.
class RandomPass : public TrainingPass {
 public:
  /// @param processes over which batch statistics are taken.
  RandomPass(const TrainerOptions& options, const TrainingBatch& batch, Communicator& processes);

  at::Tensor batch_norm(const at::Tensor& x, const BatchNorm& norm) override;
  at::Tensor mask_spectrogram(const at::Tensor& x) override;
  at::Tensor drop_path(const at::Tensor& branch, double depth) override;
  at::Tensor dropout(const at::Tensor& x) override;

 private:
  std::uint64_t next_seed(std::int64_t sample);
  at::Tensor sum_over_ranks(const at::Tensor& values) const;

  const TrainerOptions& options_;
  const TrainingBatch& batch_;
  Communicator& processes_;
  std::uint64_t call_ = 0;  ///< counts what is drawn in this pass
};

}  // namespace claptools
