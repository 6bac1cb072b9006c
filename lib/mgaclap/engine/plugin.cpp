#include "mgaclap/engine/plugin.hpp"

#include <dlfcn.h>

#include "mgaclap/core/error.hpp"

namespace mgaclap {

void* plugin_function(const char* symbol) {
  constexpr const char* kFile = "libmgaclap_torch.so";
  // Found by the run path of the program; never unloaded, LibTorch does not survive that.
  void* library = ::dlopen(kFile, RTLD_NOW | RTLD_GLOBAL);
  if (!library) throw Error(Fault::unavailable, kFile, ::dlerror());
  void* function = ::dlsym(library, symbol);
  if (!function) throw Error(Fault::unavailable, kFile, ::dlerror());
  return function;
}

}  // namespace mgaclap
