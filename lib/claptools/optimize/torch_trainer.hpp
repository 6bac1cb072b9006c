#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "claptools/engine/trainer.hpp"
#include "claptools/model/network.hpp"
#include "claptools/optimize/gradient_exchange.hpp"
#include "claptools/optimize/random_pass.hpp"
#include "claptools/optimize/trained_parameters.hpp"

namespace claptools {

/// Trainer on LibTorch: the modules of inference, run with a TrainingPass over leaves.
class TorchTrainer : public Trainer {
 public:
  TorchTrainer(ModelFiles start, const TrainerOptions& options, Communicator& processes,
               const Log& log);

  LossReport accumulate(const TrainingBatch& batch, double share, bool last) override;
  WeightSet gradients() const override;
  double update(double learning_rate) override;
  WeightSet weights(bool averaged) const override { return parameters_.copy(averaged); }
  WeightSet state() const override;
  void restore(const WeightSet& state) override;
  void forget() override;

 private:
  struct Sides {
    at::Tensor audio, text;  ///< [B, D], unit rows
  };

  Sides embed(const TrainingBatch& batch);
  at::Tensor embed_audio(const TrainingBatch& batch, RandomPass& pass) const;
  at::Tensor embed_texts(const TrainingBatch& batch, RandomPass& pass);
  TextBatch batch_of(std::span<const std::string> captions) const;
  at::Tensor frozen_states(std::span<const std::string> captions, const at::Tensor& words);
  Sides gather(const Sides& own) const;
  at::Tensor contrastive(const Sides& all, const at::Tensor& identities) const;
  at::Tensor gather_identities(const TrainingBatch& batch) const;
  bool shares_negatives() const { return options_.gather && processes_.size() > 1; }
  bool unscale();

  std::size_t max_tokens_;
  TrainerOptions options_;
  Communicator& processes_;
  at::Device device_;
  std::unique_ptr<Tokenizer> tokenizer_;
  TrainedParameters parameters_;
  std::unique_ptr<TrainableNetwork> network_;
  std::optional<GradientExchange> exchange_;  ///< of several processes
  /// Of captions, while the text tower is frozen.
  std::unordered_map<std::string, at::Tensor> states_;
  double scale_ = 1;  ///< of the loss, against underflow of fp16 gradients
  double since_ = 0;  ///< updates since the scale changed
};

}  // namespace claptools
