#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <span>

#include "claptools/core/log.hpp"

namespace claptools {

/// How many inputs a pass may take: halved whenever a device runs out of memory. May be used by
/// several threads at once.
class BatchLimit {
 public:
  /// @param most inputs per pass, for now.
  BatchLimit(std::size_t most, Log log);

  using Pass = std::function<void(std::span<const std::size_t> inputs)>;
  /// Calls `pass` for all inputs, in order, as many at a time as there may be. A pass that throws
  /// c10::OutOfMemoryError, or whose libraries found no memory, is made again in smaller ones.
  /// @throws Error{unavailable} if there is no memory for a single input; what `pass` throws.
  void run(std::span<const std::size_t> inputs, const Pass& pass);

 private:
  void halve(std::size_t inputs);

  std::atomic<std::size_t> most_;
  Log log_;
};

}  // namespace claptools
