#pragma once

#include <cstdint>

namespace claptools {

/// Attention within windows, of one layer and some windows.
struct WindowAttention {
  std::int64_t windows, tokens, heads, head;  ///< tokens per window, channels per head
  const float* qkv;  ///< [windows * tokens, 3 * heads * head]: queries, keys, values
  /// [biases, heads, tokens, tokens]; null = none.
  const float* bias;
  std::int64_t bias_windows;  ///< windows after which the biases repeat
  float* out;                 ///< [windows * tokens, heads * head]
  /// [bias_windows]: which bias each takes; null = each its own.
  const std::int64_t* bias_of_window = nullptr;
};

/// softmax(q k^T / sqrt(head) + bias) v, each window and head in the cache nearest to the
/// processor, without copies of q, k and v. The compiler makes it for AVX-512, AVX2 and plain
/// x86-64; the processor chooses when it runs. Source: docs/reference/pipeline.md, step 9.
void attend_windows(const WindowAttention& attention);

}  // namespace claptools
