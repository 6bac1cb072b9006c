#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/model/device/cuda_graph.hpp"
#include "claptools/model/network.hpp"

namespace claptools {

/// Batches of a GPU: a shape that comes again is recorded and replayed, one recording per thread
/// that needs it at the same time. Without a recorder every batch is computed step by step, and so
/// is what comes after kMaxRecordings: each keeps the memory of a pass.
class GraphedEncoder {
 public:
  static constexpr std::size_t kMaxRecordings = 24;

  using Encode = std::function<AudioTensors(const at::Tensor& batch)>;
  GraphedEncoder(Encode encode, RecordPass record, const at::Device& device, Log log);

  /// @param batch in the memory of the processor, pinned if it is to be copied while others
  /// compute. @param use reads the result; its tensors are written over afterwards.
  /// @throws c10::OutOfMemoryError, after it has let go of the recordings that are not in use.
  void run(const at::Tensor& batch, const std::function<void(const AudioTensors&)>& use);

 private:
  struct Recording {
    at::Tensor input;
    AudioTensors output;
    std::unique_ptr<CudaGraph> pass;
  };
  struct Shape {
    bool seen = false;
    std::vector<std::unique_ptr<Recording>> idle;
  };
  using Key = std::vector<std::int64_t>;

  void run_once(const at::Tensor& batch, const std::function<void(const AudioTensors&)>& use);
  std::unique_ptr<Recording> find(const Key& shape, const at::Tensor& batch);
  bool is_new(const Key& shape);
  std::unique_ptr<Recording> take(const Key& shape);
  bool may_record();
  std::unique_ptr<Recording> record(const at::Tensor& batch);
  void drop_idle();
  void give_back(const Key& shape, std::unique_ptr<Recording> recording);

  Encode encode_;
  RecordPass record_;
  at::Device device_;
  Log log_;
  std::mutex mutex_;  ///< of what follows
  std::map<Key, Shape> shapes_;
  std::size_t recordings_ = 0;
  bool records_;
};

}  // namespace claptools
