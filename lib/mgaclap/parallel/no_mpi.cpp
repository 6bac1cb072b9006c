#include "mgaclap/core/error.hpp"
#include "mgaclap/parallel/mpi.hpp"

namespace mgaclap {

std::unique_ptr<Communicator> start_mpi(int*, char***, int started, std::size_t) {
  throw Error(
      Fault::unavailable, "MPI",
      std::to_string(started) + " processes were started, but the tools were built without MPI");
}

}  // namespace mgaclap
