#include "claptools/model/device/cuda_graph.hpp"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <c10/util/Exception.h>

#include <exception>
#include <memory>
#include <mutex>

namespace {

namespace allocator = c10::cuda::CUDACachingAllocator;
using Pool = decltype(at::cuda::graph_pool_handle());  // LibTorch has moved its name

/// Held while a graph is recorded or destroyed: both change tables that all graphs share.
std::mutex& recording_mutex() {
  static std::mutex mutex;
  return mutex;
}

class CapturedGraph : public claptools::CudaGraph {
 public:
  /// On a stream of its own. cuBLAS keeps a work space for each thread and stream, whose address is
  /// recorded: one that two graphs, or a graph and other work of its thread, had in common would be
  /// written by both when they run side by side.
  explicit CapturedGraph(const std::function<void()>& work) {
    const std::scoped_lock lock(recording_mutex());
    const c10::cuda::CUDAStreamGuard guard(
        c10::cuda::getStreamFromPool(/*isHighPriority=*/true, c10::cuda::current_device()));
    work();  // makes the thread's cuBLAS handle and that work space, which cannot be recorded
    guard.current_stream().synchronize();
    allocator::emptyCache();  // nothing that is cached can be given back while a graph is recorded
    record(work);
  }

  ~CapturedGraph() override {
    const std::scoped_lock lock(recording_mutex());
    graph_.reset();
  }

  void replay() override { graph_->replay(); }

 private:
  void record(const std::function<void()>& work) {
    const Pool pool = at::cuda::graph_pool_handle();
    try {
      // Other threads go on with what may not be recorded, such as asking for memory.
      graph_->capture_begin(pool, cudaStreamCaptureModeThreadLocal);
      work();
      graph_->capture_end();
    } catch (...) {
      abandon(pool);
      throw;
    }
  }

  /// The stream and the memory must be usable again; why it failed is known already.
  void abandon(const Pool& pool) noexcept {
    const auto succeeds = [](auto step) {
      try {
        step();
        return true;
      } catch (const std::exception&) {
        return false;
      }
    };
    if (succeeds([&] { graph_->capture_end(); })) return graph_.reset();
    // LibTorch did not come to close the pool, and may still ask this graph what belongs there.
    succeeds([&] { allocator::endAllocateToPool(c10::cuda::current_device(), pool); });
    static_cast<void>(graph_.release());
  }

  std::unique_ptr<at::cuda::CUDAGraph> graph_ = std::make_unique<at::cuda::CUDAGraph>();
};

}  // namespace

extern "C" __attribute__((visibility("default"))) claptools::CudaGraph* claptools_record_pass(
    const std::function<void()>& work) {
  return new CapturedGraph(work);
}
