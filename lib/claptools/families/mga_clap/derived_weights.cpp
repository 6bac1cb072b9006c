#include "claptools/families/mga_clap/derived_weights.hpp"

#include <cmath>
#include <span>

#include "claptools/families/derived_weights.hpp"

namespace claptools {
namespace {

template <class T>
std::vector<std::byte> to_bytes(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::optional<std::vector<std::byte>> official_buffer(const ModelConfig& config,
                                                      const Parameter& parameter) {
  const auto is = [&](const char* suffix) { return parameter.name.ends_with(suffix); };
  const AudioConfig& a = config.audio;
  if (is("stft.conv_real.weight")) return to_bytes(dft_matrix(a.n_fft, false));
  if (is("stft.conv_imag.weight")) return to_bytes(dft_matrix(a.n_fft, true));
  if (is("log_trans.melW")) return to_bytes(mel_filters(a));
  if (is("num_batches_tracked")) return std::vector<std::byte>(8);
  if (is("relative_position_index")) return to_bytes(relative_position_index(a.window_size));
  if (is("attn_mask")) {
    const auto windows =
        static_cast<int>(std::lround(std::sqrt(static_cast<double>(parameter.shape[0]))));
    return to_bytes(shift_mask(windows * a.window_size, a.window_size));
  }
  return std::nullopt;
}

}  // namespace claptools
