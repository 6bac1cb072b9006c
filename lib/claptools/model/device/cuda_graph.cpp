#include "claptools/model/device/cuda_graph.hpp"

#include <dlfcn.h>

namespace claptools {

RecordPass open_recorder() {
  void* const library = ::dlopen("libclaptools_cuda.so", RTLD_NOW);  // beside this plug-in
  void* const function = library ? ::dlsym(library, kRecordPass) : nullptr;
  if (!function) return {};
  return [record = reinterpret_cast<RecordCudaPass>(function)](const std::function<void()>& work) {
    return std::unique_ptr<CudaGraph>(record(work));
  };
}

}  // namespace claptools
