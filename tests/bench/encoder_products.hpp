#pragma once

#include <cstdint>
#include <vector>

#include "claptools/families/mga_clap/config.hpp"

namespace claptools {

/// `times` products [maps, m, k] x [maps, k, n].
struct Product {
  std::int64_t times, maps, m, k, n;

  double flops() const { return 2.0 * static_cast<double>(times * maps * m * k * n); }
};

inline void add_block(std::vector<Product>& products, std::int64_t blocks, std::int64_t rows,
                      std::int64_t channels, std::int64_t heads, const AudioConfig& config) {
  const std::int64_t window = std::int64_t{config.window_size} * config.window_size,
                     maps = rows / window * heads;
  products.push_back({blocks, 1, rows, channels, 3 * channels});         // query, key, value
  products.push_back({blocks, maps, window, channels / heads, window});  // logits
  products.push_back({blocks, maps, window, window, channels / heads});  // mixture of values
  products.push_back({blocks, 1, rows, channels, channels});             // projection
  products.push_back({blocks, 1, rows, channels, config.mlp_ratio * channels});  // MLP
  products.push_back({blocks, 1, rows, config.mlp_ratio * channels, channels});
}

/// Every matrix product of MgaClapNetwork::encode_audio for full windows; Fourier transform and
/// element-wise steps are not counted.
inline std::vector<Product> audio_products(const ModelConfig& model, std::int64_t batch) {
  const AudioConfig& config = model.audio;
  const std::int64_t frames = config.window_samples() / config.hop_length + 1,
                     patch = config.patch_size;
  std::vector<Product> products = {
      {1, 1, batch * frames, config.n_fft / 2 + 1, config.n_mels},
      {1, 1, batch * config.grid() * config.grid(), patch * patch, config.stem_channels},
  };
  for (int stage = 0; stage < config.stages(); ++stage) {
    const std::int64_t rows = batch * config.stage_grid(stage) * config.stage_grid(stage),
                       channels = config.stage_dim(stage);
    const bool last = stage + 1 == config.stages();
    const auto at = static_cast<std::size_t>(stage);
    add_block(products, config.depths[at] - (last ? 1 : 0), rows, channels, config.num_heads[at],
              config);
    if (last) {
      products.push_back({2, 1, rows, channels, channels});  // value path of the last block
    } else {
      products.push_back({1, 1, rows / 4, 4 * channels, 2 * channels});  // patch merging
    }
  }
  const std::int64_t rows = batch * config.frames();
  products.push_back({1, 1, rows, config.width(), model.embed_dim});
  products.push_back({1, 1, rows, model.embed_dim, model.embed_dim});
  products.push_back({1, 1, rows, model.embed_dim, model.codebook_size});
  return products;
}

}  // namespace claptools
