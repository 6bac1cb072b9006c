#include "claptools/model/layers/front_end.hpp"

#include <ATen/ops/tensor.h>

#include <utility>

#include "claptools/families/derived_weights.hpp"

namespace claptools {

at::Tensor make_filters(const AudioConfig& config, const at::Device& device) {
  const std::vector<float> filters = mel_filters(config);
  return at::tensor(at::ArrayRef<float>(filters))
      .view({config.n_fft / 2 + 1, config.n_mels})
      .to(device);
}

at::Tensor load_filters(const ParameterSource& parameters, const std::string& name,
                        const AudioConfig& config, const at::Device& device) {
  return parameters.contains(name) ? parameters.get(name) : make_filters(config, device);
}

FrontEnd::FrontEnd(const AudioConfig& config, at::Tensor filters, at::ScalarType precision,
                   double stretch)
    : config_(config),
      stretch_(stretch),
      floats_per_sample_(precision == at::kDouble ? 6 : 3),
      log_mel_(config, std::move(filters), precision) {}

MelBands FrontEnd::bands() const {
  return {static_cast<std::size_t>(config_.n_mels), config_.f_min * stretch_,
          config_.f_max * stretch_};
}

at::Tensor FrontEnd::log_mel(const at::Tensor& waveforms, const TensorProbe& tap) const {
  if (!tap) return log_mel_(waveforms);
  const at::Tensor power = log_mel_.power(waveforms);
  tap("stft_power", power.unsqueeze(1));
  return log_mel_.log_mel(power);
}

std::size_t FrontEnd::floats_per_window() const {
  const auto size = [](auto n) { return static_cast<std::size_t>(n); };
  const AudioConfig& a = config_;
  const std::size_t tokens = size(a.grid()) * size(a.grid()),
                    window = size(a.window_size) * size(a.window_size);
  return tokens * (16 * size(a.stem_channels) + 3 * window * size(a.num_heads[0])) +
         floats_per_sample_ * size(a.spec_frames()) * size(a.n_fft);
}

}  // namespace claptools
