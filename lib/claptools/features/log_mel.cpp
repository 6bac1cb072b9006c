#include "claptools/features/log_mel.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/fft_rfft.h>
#include <ATen/ops/hann_window.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/reflection_pad1d.h>
#include <ATen/ops/view_as_real.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <utility>

namespace claptools {

LogMel::LogMel(const AudioConfig& config, at::Tensor filters, at::ScalarType precision)
    : n_fft_(config.n_fft),
      hop_(config.hop_length),
      // made in double: a float32 cosine is off by more than the official window
      window_(at::hann_window(config.n_fft, at::kDouble).to(filters.device(), precision)),
      filters_(std::move(filters)) {}

at::Tensor LogMel::power(const at::Tensor& waveform) const {
  const at::Tensor padded = at::reflection_pad1d(waveform, {n_fft_ / 2, n_fft_ / 2});
  const at::Tensor frames = padded.unfold(1, n_fft_, hop_) * window_;
  const at::Tensor squares = at::view_as_real(at::fft_rfft(frames)).square_();
  // sum(-1) over the pairs takes ten times as long
  return (squares.select(-1, 0) + squares.select(-1, 1)).to(filters_.scalar_type());
}

at::Tensor LogMel::log_mel(const at::Tensor& power) const {
  // No half precision where a training pass has it: the power of a loud sound is beyond fp16.
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  return at::matmul(power, filters_).clamp_min_(1e-10).log10_().mul_(10).to(at::kFloat);
}

}  // namespace claptools
