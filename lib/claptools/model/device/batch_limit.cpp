#include "claptools/model/device/batch_limit.hpp"

#include <c10/util/Exception.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/model/device/device.hpp"

namespace claptools {
namespace {

/// By LibTorch's allocator, or by CUDA, cuBLAS or cuFFT, which ask for memory of their own.
bool is_out_of_memory(const c10::Error& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error)) return true;
  const std::string_view text = error.what_without_backtrace();
  return text.find("CUDA error: out of memory") != text.npos ||
         text.find("_ALLOC_FAILED") != text.npos;
}

}  // namespace

BatchLimit::BatchLimit(std::size_t most, Log log) : most_(most), log_(std::move(log)) {}

void BatchLimit::run(std::span<const std::size_t> inputs, const Pass& pass) {
  while (!inputs.empty()) {
    const std::size_t count = std::min(most_.load(), inputs.size());
    try {
      pass(inputs.first(count));
      inputs = inputs.subspan(count);
    } catch (const c10::Error& error) {
      if (!is_out_of_memory(error)) throw;
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
