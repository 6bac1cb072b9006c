#!/usr/bin/env bash
# usage: mpi.sh MPIRUN MPI-RANKS N
# The communicator's tests in N processes; with 3, what becomes of a run when one of them fails.
set -euo pipefail
mpirun=$1 program=$2 ranks=$3
[[ -x $mpirun ]] || { echo 'no mpirun: skipped'; exit 77; }
output=$(mktemp)
trap 'rm -f "$output"' EXIT
# Containers: root, few processors, no rights to another process's memory.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
  PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe OMPI_MCA_btl=^tcp  # Open MPI 4 and 5; no network
export OMPI_MCA_btl_vader_single_copy_mechanism=none

launch() { timeout 60 "$mpirun" -np "$ranks" "$program" "$@"; }

# fails CODE TEXT OPTION...: in time, and with the words of the one that failed.
fails() {
  local expected=$1 text=$2 code=0
  shift 2
  launch "$@" >"$output" 2>&1 || code=$?
  [[ $code -eq $expected ]] && grep -qF "$text" "$output" && return
  printf 'FAILED: %s: code %s, not %s with "%s"\n' "$*" "$code" "$expected" "$text"
  cat "$output"
  exit 1
}

launch
if [[ $ranks -eq 3 ]]; then
  launch --short-calls
  fails 65 'rank 1: loss is not finite' --throw
  fails 3 'exited' --leave
  # A launcher whose MPI is another one: each process believes it is alone.
  code=0
  OMPI_COMM_WORLD_SIZE=4 timeout 60 "$program" >"$output" 2>&1 || code=$?
  [[ $code -eq 69 ]] && grep -qF 'knows of 1' "$output" || { echo "code $code"; cat "$output"; exit 1; }
fi
