#include "claptools/model/device/graphed_encoder.hpp"

#include <c10/util/Exception.h>

#include <utility>

namespace claptools {

GraphedEncoder::GraphedEncoder(Encode encode, RecordPass record, const at::Device& device, Log log)
    : encode_(std::move(encode)),
      record_(std::move(record)),
      device_(device),
      log_(std::move(log)),
      records_(record_ != nullptr) {}

void GraphedEncoder::run(const at::Tensor& batch,
                         const std::function<void(const AudioTensors&)>& use) {
  const Key shape(batch.sizes().begin(), batch.sizes().end());
  // Step by step first: libraries make their plans and work spaces, which cannot be recorded, and
  // the last batch of a run is seldom seen again.
  std::unique_ptr<Recording> recording;
  if (!is_new(shape)) {
    recording = take(shape);
    if (!recording) recording = record(batch);
  }
  if (!recording)
    return use(encode_(batch.to(device_, batch.scalar_type(), /*non_blocking=*/true)));
  recording->input.copy_(batch, /*non_blocking=*/true);
  recording->pass->replay();
  use(recording->output);
  give_back(shape, std::move(recording));
}

/// True as well if nothing is to be recorded.
bool GraphedEncoder::is_new(const Key& shape) {
  const std::scoped_lock lock(mutex_);
  return !records_ || !std::exchange(shapes_[shape].seen, true);
}

std::unique_ptr<GraphedEncoder::Recording> GraphedEncoder::take(const Key& shape) {
  const std::scoped_lock lock(mutex_);
  auto& idle = shapes_[shape].idle;
  if (idle.empty()) return nullptr;
  auto recording = std::move(idle.back());
  idle.pop_back();
  return recording;
}

/// @return null, now and from then on, if the pass cannot be recorded.
std::unique_ptr<GraphedEncoder::Recording> GraphedEncoder::record(const at::Tensor& batch) {
  auto recording = std::make_unique<Recording>();
  recording->input = batch.to(device_);
  try {
    recording->pass =
        record_([this, made = recording.get()] { made->output = encode_(made->input); });
    return recording;
  } catch (const c10::OutOfMemoryError&) {
    throw;  // a smaller batch may do
  } catch (const c10::Error& error) {
    report(log_, LogLevel::debug, std::string("no CUDA graph: ") + error.what_without_backtrace());
    const std::scoped_lock lock(mutex_);
    records_ = false;
    return nullptr;
  }
}

void GraphedEncoder::give_back(const Key& shape, std::unique_ptr<Recording> recording) {
  const std::scoped_lock lock(mutex_);
  shapes_[shape].idle.push_back(std::move(recording));
}

}  // namespace claptools
