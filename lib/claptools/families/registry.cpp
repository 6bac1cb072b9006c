#include <algorithm>
#include <array>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/families/family_list.hpp"

namespace claptools {

std::span<const Family* const> families() {
#define CLAPTOOLS_FAMILY(space) &space::kFamily,
  static constexpr std::array kFamilies = {
#include CLAPTOOLS_FAMILIES
  };
#undef CLAPTOOLS_FAMILY
  return kFamilies;
}

const Family& find_family(const ModelSource& source) {
  const auto found = std::ranges::find_if(
      families(), [&](const Family* family) { return family->recognises(source); });
  if (found != families().end()) return **found;
  const std::string known = " (" + join(families(), ", ", &Family::name) + ")";
  throw Error(Fault::data, source.path.native(),
              source.model_type.empty()
                  ? "its weights are of no model that is known" + known
                  : "config: model_type '" + shorten(source.model_type) + "' is not known" + known);
}

}  // namespace claptools
