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

/// Calls `work` twice on a stream of the recording's own: once so that libraries make what cannot
/// be recorded, and once to record what it asks of the stream. What it allocates then belongs to
/// the recording, which may be replayed on any stream.
/// @throws c10::Error if something in `work` cannot be recorded.
using RecordPass = std::function<std::unique_ptr<CudaGraph>(const std::function<void()>& work)>;

/// What the plug-in of the CUDA part (libclaptools_cuda.so) exports, under kRecordPass.
using RecordCudaPass = CudaGraph* (*)(const std::function<void()>& work);
inline constexpr const char* kRecordPass = "claptools_record_pass";

/// Empty if there is no such plug-in, which is built only if LibTorch has CUDA.
RecordPass open_recorder();

}  // namespace claptools
