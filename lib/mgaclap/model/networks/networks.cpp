#include "mgaclap/model/networks/networks.hpp"

#include "mgaclap/core/error.hpp"
#include "mgaclap/families/family.hpp"
#include "mgaclap/model/device_parameters.hpp"

#ifndef MGACLAP_FAMILIES  // tests add one of their own
#define MGACLAP_FAMILIES "mgaclap/families/families.def"
#endif

namespace mgaclap {

#define MGACLAP_FAMILY(space)          \
  namespace space {                    \
  extern const Family kFamily;         \
  extern const NetworkMaker kNetwork;  \
  }
#include MGACLAP_FAMILIES
#undef MGACLAP_FAMILY

namespace {

const NetworkMaker& maker_of(const ModelSpec& spec) {
#define MGACLAP_FAMILY(space) \
  if (spec.family == space::kFamily.name) return space::kNetwork;
#include MGACLAP_FAMILIES
#undef MGACLAP_FAMILY
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
  if (!make) throw Error(Fault::data, spec.name, "models of the family " + spec.family + " cannot be trained");
  return make(architecture, parameters, device);
}

}  // namespace mgaclap
