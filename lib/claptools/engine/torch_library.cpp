#include "claptools/engine/torch_library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "claptools/core/error.hpp"
#include "claptools/core/processors.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "CLAP_TORCH";

fs::path library_folder(const fs::path& torch) {
  std::error_code ignored;
  for (const fs::path& folder : {torch / "lib", torch})
    if (fs::exists(folder / "libtorch_cpu.so", ignored)) return folder;
  throw Error(Fault::unavailable, kVariable,
              "no LibTorch in '" + torch.native() + "': lib/libtorch_cpu.so is missing");
}

/// The loader's words for a library that is not there begin with its name.
bool is_absent(const std::string& reason, std::string_view library) {
  return reason.starts_with(library) && reason.find("cannot open shared object") != reason.npos;
}

}  // namespace

void open_torch_of_environment() {
  const char* const torch = std::getenv(kVariable);
  if (!torch || !*torch) return;
  // Absolute, for the loader would look for a bare name elsewhere.
  const fs::path folder = library_folder(fs::absolute(torch));
  for (const char* const name : {"libc10.so", "libtorch_cpu.so"})
    if (!::dlopen((folder / name).c_str(), kOpening))
      throw Error(Fault::unavailable, kVariable, ::dlerror());
}

void cap_torch() {
  const auto named = named_instructions();
  if (!named || *named == Instructions::avx512) return;
  const bool avx2 = *named == Instructions::avx2;
  constexpr int kKeep = 0;  // what is set already
  ::setenv("ATEN_CPU_CAPABILITY", avx2 ? "avx2" : "default", kKeep);
  ::setenv("ONEDNN_MAX_CPU_ISA", avx2 ? "AVX2" : "SSE41", kKeep);
  ::setenv("MKL_ENABLE_INSTRUCTIONS", avx2 ? "AVX2" : "SSE4_2", kKeep);
}

std::string explain_failure(const std::string& reason) {
  if (is_absent(reason, "libtorch") || is_absent(reason, "libc10"))
    return "LibTorch is not found: set CLAP_TORCH to its folder, or put it as libtorch/ beside "
           "this plug-in, or build with LibTorch_ROOT=FOLDER";
  if (is_absent(reason, "libclaptools_torch"))
    return "the plug-in is not where the run path of the program leads";
  if (reason.find("undefined symbol") != reason.npos)
    return "the LibTorch that was found does not fit: it was built with " CLAPTOOLS_TORCH_VERSION
           "; set CLAP_TORCH to the folder of that one";
  return reason;
}

}  // namespace claptools
