#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace claptools {

/// The processes of one training run. Every rank makes the same calls in the same order.
class Communicator {
 public:
  /// A sum that is under way. Destroying it waits for its end.
  class Pending {
   public:
    virtual ~Pending() = default;
    virtual void wait() = 0;
  };

  virtual ~Communicator() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;

  /// Starts the elementwise sum over all ranks, in place. `values` must outlive the result's
  /// wait(). May be called from another thread than the one that made the communicator, one at a
  /// time.
  virtual std::unique_ptr<Pending> start_sum(std::span<float> values) = 0;

  /// Elementwise sum over all ranks, in place.
  virtual void sum(std::span<double> values) = 0;

  /// The values of all ranks, one rank after another; ranks may give different numbers of them.
  virtual std::vector<float> gather(std::span<const float> values) = 0;
  virtual std::vector<std::uint64_t> gather(std::span<const std::uint64_t> values) = 0;

  /// Copies rank 0's values to every rank.
  virtual void broadcast(std::span<float> values) = 0;

  /// Whether any rank passes true: this is how one interrupted rank stops all of them at the same
  /// step.
  virtual bool any(bool value) = 0;
};

/// One process: nothing to exchange.
std::unique_ptr<Communicator> make_single_process();

/// The processes that mpirun or srun started; one process if none did. May be called once per
/// process.
/// @throws Error{unavailable} if more than one process was started and the tools were built without
/// MPI.
std::unique_ptr<Communicator> join_processes(int* argc, char*** argv);

}  // namespace claptools
