#include "mgaclap/engine/plugin.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

#include "mgaclap/core/error.hpp"

namespace mgaclap {
namespace {

// LibTorch's MKL exports names that the system's BLAS has, too, cblas_sgemm_batch among them with other
// arguments: in a program that searches an index, LibTorch would call the wrong one and crash. So the
// plug-in looks into its own libraries first, except under sanitizers, which refuse that.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kOwnLibrariesFirst = 0;
#else
constexpr int kOwnLibrariesFirst = RTLD_DEEPBIND;
#endif

}  // namespace

void* plugin_function(const char* symbol) {
  constexpr const char* kFile = "libmgaclap_torch.so";
  std::error_code gone;
  static_cast<void>(std::filesystem::current_path(gone));
  // LibTorch's MKL ends the process with words and a code of its own where that folder is gone.
  if (gone) throw Error(Fault::no_input, "the working folder", gone.message());
  // Found by the run path of the program; never unloaded, LibTorch does not survive that.
  void* library = ::dlopen(kFile, RTLD_NOW | RTLD_GLOBAL | kOwnLibrariesFirst);
  if (!library) throw Error(Fault::unavailable, kFile, ::dlerror());
  void* function = ::dlsym(library, symbol);
  if (!function) throw Error(Fault::unavailable, kFile, ::dlerror());
  return function;
}

}  // namespace mgaclap
