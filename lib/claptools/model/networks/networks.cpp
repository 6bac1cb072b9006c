#include "claptools/model/networks/networks.hpp"

#include "claptools/core/error.hpp"
#include "claptools/families/family_list.hpp"
#include "claptools/model/device/device_parameters.hpp"

namespace claptools {

#define CLAPTOOLS_FAMILY(space)       \
  namespace space {                   \
  extern const NetworkMaker kNetwork; \
  }
#include CLAPTOOLS_FAMILIES
#undef CLAPTOOLS_FAMILY

namespace {

const NetworkMaker& maker_of(const ModelSpec& spec) {
#define CLAPTOOLS_FAMILY(space) \
  if (spec.family == space::kFamily.name) return space::kNetwork;
#include CLAPTOOLS_FAMILIES
#undef CLAPTOOLS_FAMILY
  throw Error(Fault::internal, spec.name, "no network of the family " + spec.family);
}

}  // namespace

std::unique_ptr<Network> make_network(const ModelFiles& files, const at::Device& device) {
  const auto weights = std::make_shared<const WeightSet>(files.weights);
  return maker_of(files.spec())
      .inference(*files.architecture, DeviceParameters(weights, device), device);
}

std::unique_ptr<TrainableNetwork> make_trainable_network(const Architecture& architecture,
                                                         const ParameterSource& parameters,
                                                         const at::Device& device) {
  const ModelSpec& spec = architecture.spec();
  const auto make = maker_of(spec).training;
  if (!make)
    throw Error(Fault::data, spec.name,
                "models of the family " + spec.family + " cannot be trained");
  return make(architecture, parameters, device);
}

}  // namespace claptools
