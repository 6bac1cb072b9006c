#include "claptools/model/device/cuda_graph.hpp"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/util/Exception.h>

#include <exception>

namespace {

class CapturedGraph : public claptools::CudaGraph {
 public:
  explicit CapturedGraph(const std::function<void()>& work) {
    // Other threads go on with what may not be recorded, such as asking for memory.
    graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    try {
      work();
    } catch (...) {
      end_capture();
      throw;
    }
    graph_.capture_end();
  }

  void replay() override { graph_.replay(); }

 private:
  /// The stream must be usable again; why it failed is known already.
  void end_capture() noexcept {
    try {
      graph_.capture_end();
    } catch (const std::exception&) {  // the capture was broken off
    }
  }

  at::cuda::CUDAGraph graph_;
};

}  // namespace

extern "C" __attribute__((visibility("default"))) claptools::CudaGraph* claptools_record_pass(
    const std::function<void()>& work) {
  return new CapturedGraph(work);
}
