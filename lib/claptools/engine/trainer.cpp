#include "claptools/engine/trainer.hpp"

#include "claptools/checkpoints/check_finite.hpp"
#include "claptools/engine/plugin.hpp"

namespace claptools {

std::unique_ptr<Trainer> Trainer::create(ModelFiles start, const TrainerOptions& options,
                                         Communicator& processes, const Log& log) {
  const auto create = reinterpret_cast<CreateTrainer>(plugin_function(kCreateTrainer));
  check_finite(start.weights, start.path.native());
  return std::unique_ptr<Trainer>(create(std::move(start), options, processes, log));
}

}  // namespace claptools
