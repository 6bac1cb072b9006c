#include "claptools/index/parquet/export_parquet.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/index/parquet/parquet_plugin.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "libclaptools_parquet.so";
constexpr const char* kVariable = "CLAP_ARROW";
constexpr const char* kAdvice =
    "Parquet needs Arrow: run scripts/setup --parquet and build again, or build with "
    "-DPyArrow_ROOT=.../site-packages/pyarrow; CLAP_ARROW names a pyarrow that has moved since";

/// Libraries of that folder are found there before any other. Their names end in the version.
void open_arrow_of_environment() {
  const char* const given = std::getenv(kVariable);
  if (!given || !*given) return;
  const fs::path folder = fs::absolute(given);
  for (const std::string name : {"libarrow.so.", "libparquet.so."}) {
    std::error_code failed;
    bool is_open = false;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed))
      if (it->path().filename().native().starts_with(name))
        is_open = ::dlopen(it->path().c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr || is_open;
    if (!is_open)
      throw Error(Fault::unavailable, kVariable, "no " + name + "* in '" + folder.native() + "'");
  }
}

/// Found by the run path of the program; never unloaded.
WriteParquet open_plugin() {
  open_arrow_of_environment();
  void* const library = ::dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (!library) throw Error(Fault::unavailable, kFile, kAdvice);
  void* const function = ::dlsym(library, kWriteParquet);
  if (!function) throw Error(Fault::unavailable, kFile, ::dlerror());
  return reinterpret_cast<WriteParquet>(function);
}

}  // namespace

void export_parquet(const IndexInput& source, std::span<const std::string> columns,
                    const ByteSink& sink) {
  static const WriteParquet write = open_plugin();
  write(source, columns, sink);
}

}  // namespace claptools
