#include "mgaclap/engine/plugin.hpp"

#include <c10/util/Exception.h>

#include "mgaclap/core/error.hpp"
#include "mgaclap/model/torch_model.hpp"
#include "mgaclap/optimize/torch_trainer.hpp"

namespace {

/// LibTorch's exceptions end here.
template <class Make>
auto* guarded(const mgaclap::ModelFiles& files, Make make) {
  const std::string path = files.path.native();
  try {
    return make();
  } catch (const c10::Error& e) {
    throw mgaclap::Error(mgaclap::Fault::internal, path, e.what_without_backtrace());
  }
}

}  // namespace

/// CreateModel of the plug-in interface.
extern "C" __attribute__((visibility("default"))) mgaclap::Model* mgaclap_create_model(
    mgaclap::ModelFiles files, const mgaclap::ModelOptions& options, const mgaclap::Log& log) {
  return guarded(files, [&] { return new mgaclap::TorchModel(std::move(files), options, log); });
}

/// CreateTrainer of the plug-in interface.
extern "C" __attribute__((visibility("default"))) mgaclap::Trainer* mgaclap_create_trainer(
    mgaclap::ModelFiles start, const mgaclap::TrainerOptions& options,
    mgaclap::Communicator& processes, const mgaclap::Log& log) {
  return guarded(
      start, [&] { return new mgaclap::TorchTrainer(std::move(start), options, processes, log); });
}
