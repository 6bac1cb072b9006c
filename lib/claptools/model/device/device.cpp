#include "claptools/model/device/device.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>

#include <filesystem>
#include <map>
#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

std::optional<int> cuda_index(const std::string& name) {
  if (name == "cuda") return 0;
  if (!name.starts_with("cuda:") || name.size() > 8) return std::nullopt;
  return parse<unsigned>(std::string_view(name).substr(5));
}

/// The CUDA part beside the LibTorch that is loaded, wherever that was found: one of another
/// LibTorch would not fit.
bool open_cuda_part() {
  Dl_info loaded{};
  if (!::dladdr(reinterpret_cast<const void*>(&at::globalContext), &loaded)) return false;
  const auto part = std::filesystem::path(loaded.dli_fname).replace_filename("libtorch_cuda.so");
  return ::dlopen(part.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr;
}

}  // namespace

/// One build serves CPU and CUDA wheels: the CUDA part registers itself when it is loaded.
int count_cuda_devices() {
  if (!open_cuda_part() || !at::globalContext().hasCUDA()) return 0;
  return static_cast<int>(at::detail::getCUDAHooks().deviceCount());
}

at::Device open_device(const std::string& name, const Log& log) {
  if (name == "cpu") return at::kCPU;
  const std::optional<int> index = name == "auto" ? 0 : cuda_index(name);
  if (!index) throw Error(Fault::usage, name, "not a device; auto, cpu, cuda and cuda:N are");
  const int devices = count_cuda_devices();
  if (*index < devices) return {at::kCUDA, static_cast<c10::DeviceIndex>(*index)};
  if (name != "auto") {
    const char* reason = ::dlerror();
    if (reason) report(log, LogLevel::debug, reason);
    throw Error(Fault::unavailable, name,
                devices == 0 ? "no CUDA device, or LibTorch without CUDA" : "no such device");
  }
  return at::kCPU;
}

void enter_device(const at::Device& device) {
  // LibTorch's settings are those of a thread.
  thread_local const bool alone = (at::set_num_threads(1), true);
  static_cast<void>(alone);
  if (device.is_cpu()) return;
  const c10::impl::VirtualGuardImpl gpu(device.type());
  thread_local std::map<c10::DeviceIndex, c10::Stream> streams;
  auto stream = streams.find(device.index());
  if (stream == streams.end())
    stream = streams.emplace(device.index(), gpu.getStreamFromGlobalPool(device)).first;
  gpu.setDevice(device);
  gpu.exchangeStream(stream->second);
}

void wait_for(const at::Device& device) {
  if (device.is_cpu()) return;
  const c10::impl::VirtualGuardImpl gpu(device.type());
  gpu.synchronizeStream(gpu.getStream(device));
}

std::size_t free_memory(const at::Device& device) {
  return c10::getDeviceAllocator(device.type())->getMemoryInfo(device.index()).first;
}

void release_device_memory() {
  if (at::globalContext().hasCUDA()) c10::getDeviceAllocator(at::kCUDA)->emptyCache();
}

}  // namespace claptools
