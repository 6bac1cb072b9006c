#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/random.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/mga_clap/initial_weights.hpp"
#include "claptools/optimize/torch_trainer.hpp"
#include "support/configs.hpp"

namespace claptools::testing {

/// One rank, nothing to exchange.
inline Communicator& alone() {
  static const auto single = make_single_process();
  return *single;
}

inline ModelConfig small_config() {
  ModelConfig config = tiny_config();
  config.audio.depths = {1, 1, 1, 2};
  return config;
}

inline ModelFiles start_files(const ModelConfig& config = small_config()) {
  ModelFiles files;
  files.path = "test";
  files.architecture = mga_clap::make_architecture(config);
  files.weights = initial_weights(config, 7);
  files.vocabulary = CLAPTOOLS_SHARE "/vocab-bert-base-uncased.txt";
  return files;
}

inline TrainerOptions cpu_options() {
  TrainerOptions options;
  options.device = "cpu";
  return options;
}

/// Rows [first, first + rows) of a batch of 4.
inline TrainingBatch make_batch(std::uint64_t step, std::size_t first = 0, std::size_t rows = 4) {
  const std::vector<std::string> captions = {"a dog barks", "rain on a roof of tin", "an old clock",
                                             "waves roll in and a dog barks"};
  TrainingBatch batch;
  batch.waveforms = Matrix(rows, 32000);
  for (std::size_t i = 0; i < rows; ++i) {
    Random random(hash_seed({step, first + i}));
    double phase = 0;  // tones of their own in a little noise
    for (float& sample : batch.waveforms.row(i)) {
      phase += 0.05 * static_cast<double>(first + i + 1);
      sample = static_cast<float>(0.1 * std::sin(phase) + 0.01 * random.normal());
    }
    batch.captions.push_back(captions[first + i]);
    batch.identities.push_back(first + i);
  }
  batch.first = first;
  batch.step = step;
  return batch;
}

inline double train(Trainer& trainer, std::uint64_t first, std::uint64_t end) {
  double loss = 0;
  for (std::uint64_t step = first; step < end; ++step) {
    loss = trainer.accumulate(make_batch(step), 1, true).loss;
    trainer.update(1e-3);
  }
  return loss;
}

/// Thirty updates on one batch. @return its loss after them, as a part of the first.
inline double learn_by_heart(Trainer& trainer) {
  const double before = trainer.accumulate(make_batch(0), 1, true).loss;
  trainer.forget();
  double after = before;
  for (int i = 0; i < 30; ++i) {
    after = trainer.accumulate(make_batch(0), 1, true).loss;
    trainer.update(1e-3);
  }
  return after / before;
}

inline std::vector<float> floats(const TensorView& view) {
  std::vector<float> values(view.bytes.size() / sizeof(float));
  std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
  return values;
}

inline bool same_bytes(const WeightSet& a, const WeightSet& b) {
  if (a.tensors.size() != b.tensors.size()) return false;
  for (const auto& [name, view] : a.tensors) {
    const auto it = b.tensors.find(name);
    if (it == b.tensors.end() || !std::ranges::equal(view.bytes, it->second.bytes)) return false;
  }
  return true;
}

/// Largest difference of any weight. @param without is left out.
inline double worst_difference(const WeightSet& a, const WeightSet& b,
                               const std::string& without = {}) {
  double worst = a.tensors.size() == b.tensors.size() ? 0 : INFINITY;
  for (const auto& [name, view] : a.tensors) {
    if (view.dtype != DType::f32 || name == without) continue;
    const auto x = floats(view), y = floats(b.tensors.at(name));
    for (std::size_t i = 0; i < x.size(); ++i)
      worst = std::max(worst, std::abs(double{x[i]} - y[i]));
  }
  return worst;
}

}  // namespace claptools::testing
