#include <cstdlib>
#include <string_view>

#include "claptools/core/strings/number.hpp"
#include "claptools/parallel/communicator.hpp"
#include "claptools/parallel/mpi.hpp"

namespace claptools {
namespace {

/// A number in the environment; 1 if there is none.
int environment_count(const char* name) {
  const char* value = std::getenv(name);
  return parse<int>(value ? value : "").value_or(1);
}

/// What Open MPI's mpirun, another's or srun with --mpi=pmi2, or srun with --mpi=pmix say. Slurm's
/// own count is there in a plain batch script as well, where it means nothing: only beside a PMIx
/// rank it is that of this step.
int started_processes() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (std::getenv(name)) return environment_count(name);
  }
  if (!std::getenv("PMIX_RANK")) return 1;
  return environment_count(std::getenv("SLURM_STEP_NUM_TASKS") ? "SLURM_STEP_NUM_TASKS"
                                                               : "SLURM_NTASKS");
}

}  // namespace

std::unique_ptr<Communicator> join_processes(int* argc, char*** argv) {
  const int started = started_processes();
  return started > 1 ? start_mpi(argc, argv, started) : make_single_process();
}

}  // namespace claptools
