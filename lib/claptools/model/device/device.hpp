#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <string>

#include "claptools/core/log.hpp"

namespace claptools {

/// "auto", "cpu", "cuda" or "cuda:N" as a device. LibTorch's CUDA part is loaded here if it lies
/// beside the CPU part.
/// @throws Error{usage} for another word, {unavailable} if there is no such device.
at::Device open_device(const std::string& name, const Log& log);

/// CUDA devices that this process may use; loads LibTorch's CUDA part likewise.
int count_cuda_devices();

/// From now on the calling thread computes on one processor and on its own stream of a GPU, so that
/// copies of one thread overlap with products of another.
void enter_device(const at::Device& device);

/// Waits until the device has finished the calling thread's work.
void wait_for(const at::Device& device);

/// Bytes of a GPU that are free now.
std::size_t free_memory(const at::Device& device);

/// Returns memory that LibTorch caches to the GPUs; does nothing without one.
void release_device_memory();

}  // namespace claptools
