#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "claptools/optimize/trained_parameters.hpp"
#include "claptools/parallel/communicator.hpp"

namespace claptools {

/// Averages gradients over ranks while the backward pass still runs: they go in buckets, in the
/// order in which backward passes finish them, each sent as soon as it is full.
class GradientExchange {
 public:
  /// @param parameters, processes must outlive this object.
  GradientExchange(const std::vector<TrainedParameter>& parameters, Communicator& processes);
  GradientExchange(const GradientExchange&) = delete;
  GradientExchange& operator=(const GradientExchange&) = delete;
  ~GradientExchange();

  /// From here to finish() each finished gradient is sent.
  void begin();

  /// Sends what is left and puts the averages in the gradients' place. A parameter without gradient
  /// counts as zero, and stays without if no rank has one.
  void finish();

 private:
  struct Bucket;
  struct Accumulators;

  void collect(std::size_t parameter);
  void send(Bucket& bucket);

  const std::vector<TrainedParameter>& parameters_;
  Communicator& processes_;
  bool active_ = false;
  std::vector<std::unique_ptr<Bucket>> buckets_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;  ///< of a parameter: bucket, offset
  std::vector<char> collected_;
  std::size_t next_ = 0;  ///< bucket to be sent: all ranks send them in one order
  std::unique_ptr<Accumulators> accumulators_;
};

}  // namespace claptools
