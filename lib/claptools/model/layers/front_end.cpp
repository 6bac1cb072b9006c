#include "claptools/model/layers/front_end.hpp"

#include <ATen/ops/tensor.h>

#include "claptools/families/derived_weights.hpp"

namespace claptools {

at::Tensor load_filters(const ParameterSource& parameters, const std::string& name,
                        const AudioConfig& config, const at::Device& device) {
  if (parameters.contains(name)) return parameters.get(name);
  const std::vector<float> filters = mel_filters(config);
  return at::tensor(at::ArrayRef<float>(filters))
      .view({config.n_fft / 2 + 1, config.n_mels})
      .to(device);
}

std::size_t htsat_floats(const AudioConfig& a) {
  const auto size = [](auto n) { return static_cast<std::size_t>(n); };
  const std::size_t tokens = size(a.grid()) * size(a.grid()),
                    window = size(a.window_size) * size(a.window_size);
  return tokens * (16 * size(a.stem_channels) + 3 * window * size(a.num_heads[0])) +
         3 * size(a.spec_frames()) * size(a.n_fft);
}

}  // namespace claptools
