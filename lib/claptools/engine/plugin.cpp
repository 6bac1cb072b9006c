#include "claptools/engine/plugin.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

#include "claptools/core/error.hpp"
#include "claptools/engine/torch_library.hpp"

namespace claptools {
namespace {

constexpr const char* kFile = "libclaptools_torch.so";

/// Found by the run path of the program; never unloaded, LibTorch does not survive that. The
/// plug-in's own run path leads to LibTorch beside it, then to the one that it was built with.
void* open_plugin() {
  cap_torch();
  open_torch_of_environment();
  void* const library = ::dlopen(kFile, kOpening);
  if (!library) throw Error(Fault::unavailable, kFile, explain_failure(::dlerror()));
  return library;
}

}  // namespace

void* plugin_function(const char* symbol) {
  std::error_code gone;
  static_cast<void>(std::filesystem::current_path(gone));
  // LibTorch's MKL ends the process with words and a code of its own where that folder is gone.
  if (gone) throw Error(Fault::no_input, "the working folder", gone.message());
  static void* const library = open_plugin();
  void* function = ::dlsym(library, symbol);
  if (!function) throw Error(Fault::unavailable, kFile, ::dlerror());
  return function;
}

}  // namespace claptools
