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

/// From now on the calling thread computes on one processor, and on a stream of its own of a GPU,
/// so that one thread's copies run beside another's products.
void enter_device(const at::Device& device);

/// Waits for what the calling thread has asked of the device.
void wait_for(const at::Device& device);

/// Bytes of a GPU that are free now.
std::size_t free_memory(const at::Device& device);

/// Gives memory that LibTorch keeps for later back to the GPUs; nothing without one.
void release_device_memory();

}  // namespace claptools
