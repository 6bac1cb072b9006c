#include "claptools/model/device/batch_limit.hpp"

#include <c10/util/Exception.h>

#include <algorithm>
#include <string>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/model/device/device.hpp"

namespace claptools {

BatchLimit::BatchLimit(std::size_t most, Log log) : most_(most), log_(std::move(log)) {}

void BatchLimit::run(std::span<const std::size_t> inputs, const Pass& pass) {
  while (!inputs.empty()) {
    const std::size_t count = std::min(most_.load(), inputs.size());
    try {
      pass(inputs.first(count));
      inputs = inputs.subspan(count);
    } catch (const c10::OutOfMemoryError&) {
      if (count == 1)
        throw Error(Fault::unavailable, "device", "has no memory for a single window");
      halve(count);
    }
  }
}

/// Another thread may have done so already for as many inputs.
void BatchLimit::halve(std::size_t inputs) {
  release_device_memory();
  std::size_t now = most_;
  while (now > inputs / 2 && !most_.compare_exchange_weak(now, inputs / 2)) {
  }
  if (now <= inputs / 2) return;
  report(log_, LogLevel::warning,
         "out of memory with " + std::to_string(inputs) + " windows at once: continuing with " +
             std::to_string(inputs / 2));
}

}  // namespace claptools
