#pragma once

#include <algorithm>
#include <random>
#include <span>
#include <vector>

#include "claptools/model/torch_model.hpp"
#include "engine/tiny_files.hpp"
#include "model/tensors.hpp"

namespace claptools::testing {

using Sounds = std::vector<std::vector<float>>;

/// A model of the published size with generated weights, made once.
inline const ModelFiles& full_files() {
  static const ModelFiles made = [] {
    ModelFiles files = tiny_files();
    files.path = "full";
    files.architecture = mga_clap::make_architecture({});
    files.weights = synthetic_weights({}, "full-1", 8);
    return files;
  }();
  return made;
}

/// Noise, each its own. @param samples of each; the published model's window unless given.
inline Sounds make_sounds(std::size_t count, std::size_t samples = 0) {
  if (samples == 0) samples = static_cast<std::size_t>(ModelConfig{}.audio.window_samples());
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.1F);
  Sounds sounds(count, std::vector<float>(samples));
  for (auto& sound : sounds) std::ranges::generate(sound, [&] { return normal(random); });
  return sounds;
}

inline AudioEmbeddings embed_all(const Model& model, const Sounds& sounds,
                                 const AudioOutputs& outputs) {
  const std::vector<std::span<const float>> clips(sounds.begin(), sounds.end());
  return model.embed_audio(clips, outputs);
}

inline Matrix embed(const Model& model, const Sounds& sounds) {
  return embed_all(model, sounds, {}).clips;
}

/// Of the rows of two matrices, one by one.
inline double least_cosine(const Matrix& a, const Matrix& b) {
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_GT(a.rows, 0U);
  double least = 1;
  for (std::size_t i = 0; i < std::min(a.rows, b.rows); ++i)
    least = std::min(least, cosine(a.row(i), b.row(i)));
  return least;
}

}  // namespace claptools::testing
