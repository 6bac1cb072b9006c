#include "claptools/core/error.hpp"
#include "claptools/parallel/mpi.hpp"

namespace claptools {

std::unique_ptr<Communicator> start_mpi(int*, char***, int started, std::size_t) {
  throw Error(
      Fault::unavailable, "MPI",
      std::to_string(started) + " processes were started, but the tools were built without MPI");
}

}  // namespace claptools
