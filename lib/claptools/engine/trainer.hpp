#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/families/model_files.hpp"
#include "claptools/parallel/communicator.hpp"

namespace claptools {

enum class ContrastiveLoss { hard_negative, info_nce };

/// Along what the sum of a row's weights is spread: the official code's error, or the paper's
/// formula (docs/reference/pipeline.md, step 22).
enum class NegativeWeights { official, paper };

enum class TrainingPrecision { fp32, bf16, fp16 };

struct TrainerOptions {
  std::string device = "auto";
  int threads = 1;  ///< of the tensor library
  std::uint64_t seed = 20;

  ContrastiveLoss loss = ContrastiveLoss::hard_negative;
  NegativeWeights negative_weights = NegativeWeights::official;
  double beta = 0.15;      ///< hardness of the negatives' weights
  bool gather = false;     ///< negatives from all ranks; else each rank's own
  bool regularise = true;  ///< mean|e| / sqrt(sum e^2) of both sides

  bool decoupled_decay = false;  ///< AdamW
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
  double clip_norm = 0;      ///< of all gradients together; 0 = no clipping
  double average_decay = 0;  ///< of an exponential moving average of the weights; 0 = none

  double drop_path = 0.1;     ///< of the last audio block; rises linearly from 0
  double text_dropout = 0.1;  ///< in BERT: hidden states and attention weights
  bool spec_augment = true;   ///< 2 time stripes of up to 64 frames, 2 frequency stripes of up to 8
  bool freeze_audio = false, freeze_text = false;
  TrainingPrecision precision = TrainingPrecision::fp32;
};

/// This rank's share of a batch.
struct TrainingBatch {
  Matrix waveforms;                       ///< [B, samples], zeros at the end of shorter clips
  std::vector<std::string> captions;      ///< [B]
  std::vector<std::uint64_t> identities;  ///< [B]; pairs of equal identity are positives
  std::uint64_t first = 0;                ///< place of row 0 in the batch of all ranks
  /// Counts batches of the whole run; with `first` it seeds all that is random.
  std::uint64_t step = 0;
};

struct LossReport {
  double loss = 0, contrastive = 0, regulariser = 0;
  double temperature = 0;
};

/// A model under training, free of LibTorch types (as Model is).
class Trainer {
 public:
  /// @param start weights of every parameter. @param processes must outlive the trainer.
  /// @throws as Model::load; Error{usage} for fp16 on the CPU.
  static std::unique_ptr<Trainer> create(ModelFiles start, const TrainerOptions& options,
                                         Communicator& processes, const Log& log);

  virtual ~Trainer() = default;

  /// Adds the gradients of a batch, averaged over ranks, to those gathered so far.
  /// @param share of this batch in the update: 1 / number of batches accumulated.
  /// @param last  the batch that completes the update: gradients are exchanged during its backward
  ///              pass.
  /// @throws Error{data} for a loss that is not finite.
  virtual LossReport accumulate(const TrainingBatch& batch, double share, bool last) = 0;

  /// The gradients gathered so far, under the parameters' names; for tests.
  virtual WeightSet gradients() const = 0;

  /// Steps the optimiser and clears the gradients. @return the norm of all gradients.
  virtual double update(double learning_rate) = 0;

  /// Copies of all weights and buffers under the official names. @param averaged the moving
  /// average.
  virtual WeightSet weights(bool averaged) const = 0;

  /// Everything that the next update depends on, besides the options: weights, moments, counts.
  virtual WeightSet state() const = 0;
  /// @throws Error{data} if something is missing or of another shape.
  virtual void restore(const WeightSet& state) = 0;

  /// Discards the gradients gathered so far.
  virtual void forget() = 0;
};

}  // namespace claptools
