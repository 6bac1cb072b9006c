#include "claptools/model/device/graphed_encoder.hpp"

#include <c10/util/Exception.h>

#include <algorithm>
#include <iterator>
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
  try {
    run_once(batch, use);
  } catch (const c10::OutOfMemoryError&) {
    drop_idle();
    throw;
  }
}

void GraphedEncoder::run_once(const at::Tensor& batch,
                              const std::function<void(const AudioTensors&)>& use) {
  const Key shape(batch.sizes().begin(), batch.sizes().end());
  std::unique_ptr<Recording> recording = find(shape, batch);
  if (!recording)
    return use(encode_(batch.to(device_, batch.scalar_type(), /*non_blocking=*/true)));
  recording->input.copy_(batch, /*non_blocking=*/true);
  recording->pass->replay();
  use(recording->output);
  give_back(shape, std::move(recording));
}

/// Null if the batch is to be computed step by step, as the first of its shape is: the last batch
/// of a run is seldom seen again.
std::unique_ptr<GraphedEncoder::Recording> GraphedEncoder::find(const Key& shape,
                                                                const at::Tensor& batch) {
  if (is_new(shape)) return nullptr;
  if (auto recording = take(shape)) return recording;
  return may_record() ? record(batch) : nullptr;
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

bool GraphedEncoder::may_record() {
  const std::scoped_lock lock(mutex_);
  return recordings_ < kMaxRecordings;
}

/// @return null, now and from then on, if the pass cannot be recorded.
std::unique_ptr<GraphedEncoder::Recording> GraphedEncoder::record(const at::Tensor& batch) {
  auto recording = std::make_unique<Recording>();
  recording->input = batch.to(device_);
  try {
    recording->pass =
        record_([this, made = recording.get()] { made->output = encode_(made->input); });
    const std::scoped_lock lock(mutex_);
    ++recordings_;
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

/// What follows is of another shape: these would only keep their memory.
void GraphedEncoder::drop_idle() {
  std::vector<std::unique_ptr<Recording>> dropped;
  const std::scoped_lock lock(mutex_);
  for (auto& [key, shape] : shapes_) {
    std::ranges::move(shape.idle, std::back_inserter(dropped));
    shape.idle.clear();
  }
  recordings_ -= dropped.size();
}

void GraphedEncoder::give_back(const Key& shape, std::unique_ptr<Recording> recording) {
  const std::scoped_lock lock(mutex_);
  shapes_[shape].idle.push_back(std::move(recording));
}

}  // namespace claptools
