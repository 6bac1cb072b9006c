#pragma once

#include <functional>
#include <memory>

namespace claptools {

/// Work of a GPU that is recorded once and then replayed as a whole (a CUDA graph): on the same
/// tensors, without the processor's part of each step.
class CudaGraph {
 public:
  virtual ~CudaGraph() = default;

  /// Begins the work on the stream of the calling thread.
  virtual void replay() = 0;
};

/// Records what `work` asks of the calling thread's stream; nothing is computed. What `work`
/// allocates belongs to the recording.
/// @throws c10::Error if something in `work` cannot be recorded.
using RecordPass = std::function<std::unique_ptr<CudaGraph>(const std::function<void()>& work)>;

/// What the plug-in of the CUDA part (libclaptools_cuda.so) exports, under kRecordPass.
using RecordCudaPass = CudaGraph* (*)(const std::function<void()>& work);
inline constexpr const char* kRecordPass = "claptools_record_pass";

/// Empty if there is no such plug-in, which is built only if LibTorch has CUDA.
RecordPass open_recorder();

}  // namespace claptools
