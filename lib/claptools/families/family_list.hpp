#pragma once
// Internal to the room, and to model/networks. To go through the families, CLAPTOOLS_FAMILY(space)
// is defined for each row and CLAPTOOLS_FAMILIES included.

#include "claptools/families/family.hpp"

#ifndef CLAPTOOLS_FAMILIES  // tests add one of their own
#define CLAPTOOLS_FAMILIES "claptools/families/families.def"
#endif

namespace claptools {

#define CLAPTOOLS_FAMILY(space) \
  namespace space {             \
  extern const Family kFamily;  \
  }
#include CLAPTOOLS_FAMILIES
#undef CLAPTOOLS_FAMILY

}  // namespace claptools
