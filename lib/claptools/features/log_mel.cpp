#include "claptools/features/log_mel.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/fft_rfft.h>
#include <ATen/ops/hann_window.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/reflection_pad1d.h>
#include <ATen/ops/view_as_real.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <span>
#include <utility>

namespace claptools {

LogMel::LogMel(const AudioConfig& config, at::Tensor filters, at::ScalarType precision)
    : n_fft_(config.n_fft),
      hop_(config.hop_length),
      // made in double: a float32 cosine is off by more than the official window
      window_(at::hann_window(config.n_fft, at::kDouble).to(filters.device(), precision)),
      filters_(std::move(filters)) {
  const bool plain = filters_.is_cpu() && filters_.scalar_type() == at::kFloat &&
                     window_.scalar_type() == at::kFloat && MelFrames::takes(n_fft_);
  if (!plain) return;
  const at::Tensor all = filters_.contiguous();
  const auto values = [](const at::Tensor& of) {
    return std::span(of.const_data_ptr<float>(), static_cast<std::size_t>(of.numel()));
  };
  frames_.emplace(values(window_), values(all), hop_);
}

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
  return decibels(at::matmul(power, filters_));
}

at::Tensor LogMel::decibels(at::Tensor mels) {
  return mels.clamp_min_(1e-10).log10_().mul_(10).to(at::kFloat);
}

at::Tensor LogMel::operator()(const at::Tensor& waveform) const {
  // A sound too short to be reflected is refused by LibTorch's steps, with its length.
  if (!frames_ || waveform.size(1) <= n_fft_ / 2) return log_mel(power(waveform));
  const at::Tensor sounds = waveform.contiguous();
  const auto samples = static_cast<std::size_t>(sounds.size(1));
  at::Tensor mels =
      at::empty({sounds.size(0), 1 + sounds.size(1) / hop_, filters_.size(1)}, filters_.options());
  for (std::int64_t i = 0; i < sounds.size(0); ++i) {
    frames_->compute({sounds[i].const_data_ptr<float>(), samples},
                     mels[i].mutable_data_ptr<float>());
  }
  return decibels(mels);
}

}  // namespace claptools
