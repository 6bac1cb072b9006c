#pragma once

#include <ATen/core/Tensor.h>

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
/// that needs it at the same time. Without a recorder every batch is computed step by step.
class GraphedEncoder {
 public:
  using Encode = std::function<AudioTensors(const at::Tensor& batch)>;
  GraphedEncoder(Encode encode, RecordPass record, const at::Device& device, Log log);

  /// @param batch in the memory of the processor, pinned if it is to be copied while others
  /// compute. @param use reads the result; its tensors are written over afterwards.
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

  bool is_new(const Key& shape);
  std::unique_ptr<Recording> take(const Key& shape);
  std::unique_ptr<Recording> record(const at::Tensor& batch);
  void give_back(const Key& shape, std::unique_ptr<Recording> recording);

  Encode encode_;
  RecordPass record_;
  at::Device device_;
  Log log_;
  std::mutex mutex_;  ///< of what follows
  std::map<Key, Shape> shapes_;
  bool records_;
};

}  // namespace claptools
