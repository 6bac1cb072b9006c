#pragma once
// Internal to the room.

#include <cstddef>
#include <memory>

#include "claptools/parallel/communicator.hpp"

namespace claptools {

/// Values in one call of MPI, whose counts are int.
inline constexpr std::size_t kMpiCallLimit = std::size_t{1} << 30;

/// Starts MPI, once per process; it ends with the communicator. If that is destroyed by an
/// exception, the other processes are aborted when this one exits, as they would wait for it for
/// ever.
/// @param started how many processes the launcher started.
/// @throws Error{unavailable} if the tools were built without MPI, or MPI knows of another number
/// of processes: it is not the launcher's.
std::unique_ptr<Communicator> start_mpi(int* argc, char*** argv, int started,
                                        std::size_t call_limit = kMpiCallLimit);

}  // namespace claptools
