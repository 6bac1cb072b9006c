#include "mgaclap/engine/plugin.hpp"

#include <c10/util/Exception.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "mgaclap/core/error.hpp"
#include "mgaclap/model/device.hpp"
#include "mgaclap/model/replicas.hpp"
#include "mgaclap/model/torch_model.hpp"
#include "mgaclap/optimize/torch_trainer.hpp"

namespace {

/// LibTorch's exceptions end here.
template <class Make>
auto* guarded(const mgaclap::ModelFiles& files, Make make) {
  const std::string path = files.path.native();
  try {
    return make();
  } catch (const c10::OutOfMemoryError&) {
    throw mgaclap::Error(mgaclap::Fault::unavailable, path, "the device has too little memory");
  } catch (const c10::Error& e) {
    throw mgaclap::Error(mgaclap::Fault::internal, path, e.what_without_backtrace());
  }
}

std::unique_ptr<mgaclap::Model> create_model(const mgaclap::ModelFiles& files,
                                             mgaclap::ModelOptions options,
                                             const mgaclap::Log& log) {
  if (options.device != "cuda:all")
    return std::make_unique<mgaclap::TorchModel>(files, options, log);
  std::vector<std::unique_ptr<mgaclap::Model>> models;
  const int devices = std::max(1, mgaclap::count_cuda_devices());  // none: refused by its name
  for (int i = 0; i < devices; ++i) {
    options.device = "cuda:" + std::to_string(i);
    models.push_back(std::make_unique<mgaclap::TorchModel>(files, options, log));
  }
  return std::make_unique<mgaclap::Replicas>(std::move(models));
}

}  // namespace

/// CreateModel of the plug-in interface.
extern "C" __attribute__((visibility("default"))) mgaclap::Model* mgaclap_create_model(
    mgaclap::ModelFiles files, const mgaclap::ModelOptions& options, const mgaclap::Log& log) {
  return guarded(files, [&] { return create_model(files, options, log).release(); });
}

/// CreateTrainer of the plug-in interface.
extern "C" __attribute__((visibility("default"))) mgaclap::Trainer* mgaclap_create_trainer(
    mgaclap::ModelFiles start, const mgaclap::TrainerOptions& options,
    mgaclap::Communicator& processes, const mgaclap::Log& log) {
  return guarded(
      start, [&] { return new mgaclap::TorchTrainer(std::move(start), options, processes, log); });
}
