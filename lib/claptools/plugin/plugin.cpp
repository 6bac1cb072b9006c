#include "claptools/engine/plugin.hpp"

#include <c10/util/Exception.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/model/device/device.hpp"
#include "claptools/model/device/replicas.hpp"
#include "claptools/model/torch_model.hpp"
#include "claptools/optimize/torch_trainer.hpp"

namespace {

/// Of another LibTorch most symbols are the same, and what lies behind them is not.
void require_same_torch() {
  constexpr int kMinor = 48;  // the version's bytes above: major, minor
  if (aoti_torch_abi_version() >> kMinor == TORCH_ABI_VERSION >> kMinor) return;
  const auto found = aoti_torch_abi_version() >> kMinor;
  throw claptools::Error(
      claptools::Fault::unavailable, "LibTorch",
      "found " + std::to_string(found >> 8) + "." + std::to_string(found & 0xff) +
          ", but this was built with " TORCH_VERSION "; set CLAP_TORCH to the folder of that one");
}

/// LibTorch's exceptions end here.
template <class Make>
auto* guarded(const claptools::ModelFiles& files, Make make) {
  const std::string path = files.path.native();
  require_same_torch();
  try {
    return make();
  } catch (const c10::OutOfMemoryError&) {
    throw claptools::Error(claptools::Fault::unavailable, path, "the device has too little memory");
  } catch (const c10::Error& e) {
    throw claptools::Error(claptools::Fault::internal, path, e.what_without_backtrace());
  }
}

std::unique_ptr<claptools::Model> create_model(const claptools::ModelFiles& files,
                                               claptools::ModelOptions options,
                                               const claptools::Log& log) {
  if (options.device != "cuda:all")
    return std::make_unique<claptools::TorchModel>(files, options, log);
  std::vector<std::unique_ptr<claptools::Model>> models;
  const int devices = std::max(1, claptools::count_cuda_devices());  // none: refused by its name
  for (int i = 0; i < devices; ++i) {
    options.device = "cuda:" + std::to_string(i);
    models.push_back(std::make_unique<claptools::TorchModel>(files, options, log));
  }
  return std::make_unique<claptools::Replicas>(std::move(models));
}

}  // namespace

/// CreateModel of the plug-in interface.
extern "C" __attribute__((visibility("default"))) claptools::Model* claptools_create_model(
    claptools::ModelFiles files, const claptools::ModelOptions& options,
    const claptools::Log& log) {
  return guarded(files, [&] { return create_model(files, options, log).release(); });
}

/// CreateTrainer of the plug-in interface.
extern "C" __attribute__((visibility("default"))) claptools::Trainer* claptools_create_trainer(
    claptools::ModelFiles start, const claptools::TrainerOptions& options,
    claptools::Communicator& processes, const claptools::Log& log) {
  return guarded(start, [&] {
    return new claptools::TorchTrainer(std::move(start), options, processes, log);
  });
}
