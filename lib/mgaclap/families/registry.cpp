#include <algorithm>
#include <array>

#include "mgaclap/core/error.hpp"
#include "mgaclap/core/escape.hpp"
#include "mgaclap/families/family.hpp"

#ifndef MGACLAP_FAMILIES  // tests add one of their own
#define MGACLAP_FAMILIES "mgaclap/families/families.def"
#endif

namespace mgaclap {

#define MGACLAP_FAMILY(space) \
  namespace space {          \
  extern const Family kFamily; \
  }
#include MGACLAP_FAMILIES
#undef MGACLAP_FAMILY

std::span<const Family* const> families() {
#define MGACLAP_FAMILY(space) &space::kFamily,
  static constexpr std::array kFamilies = {
#include MGACLAP_FAMILIES
  };
#undef MGACLAP_FAMILY
  return kFamilies;
}

const Family& find_family(const ModelSource& source) {
  const auto found = std::ranges::find_if(
      families(), [&](const Family* family) { return family->recognises(source); });
  if (found != families().end()) return **found;
  if (!source.model_type.empty()) {
    throw Error(Fault::data, source.path.native(),
                "config: model_type '" + shorten(source.model_type) + "' is not known");
  }
  std::string names;
  for (const Family* family : families()) names += (names.empty() ? "" : ", ") + std::string(family->name);
  throw Error(Fault::data, source.path.native(), "its weights are of no model that is known (" + names + ")");
}

}  // namespace mgaclap
