#!/usr/bin/env bash
# usage: train_mpi.sh BIN SOURCE [SHARED]
# clap-train in two processes against one.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v mpirun >/dev/null || { echo 'no mpirun: skipped'; exit 77; }
# shellcheck source=tests/cmd/train_lib.sh
. "$source_dir/tests/cmd/train_lib.sh"
# Containers: root, few processors, no rights to another process's memory, no word of the processor's layout.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
  PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe OMPI_MCA_btl=^tcp  # Open MPI 4 and 5; no network
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_mpi_yield_when_idle=1
export HWLOC_HIDE_ERRORS=2
apart() { mpirun -np 2 clap-train --config defaults.toml train.json -o "$@"; }
together() { apart "$@" --gather; }
weights() { compare_weights "$1/model.safetensors" "$2/model.safetensors"; }

run together two --batch 9
if [[ $code -eq 69 ]]; then
  echo 'built without MPI: skipped'
  exit 77
fi
expect 'a batch that two cannot share' exits 64
options=(--epochs 7 --ema 0.9)  # 21 updates
quietly train one "${options[@]}" --gather
quietly together two "${options[@]}"
difference=$(weights one two)
echo "largest difference of a weight after 21 updates: $difference"
expect 'two processes: the model of one' at_most "$difference" 1e-5
expect 'two processes: one log' equal "$(wc -l <two/training/log.jsonl)" 28
quietly apart apart "${options[@]}"
expect 'negatives of one process: another loss' not equal "$(losses apart)" "$(losses two)"

# begins OUT OPTION...: in the background, until there are some updates.
begins() {
  mpirun -np 2 clap-train --config defaults.toml train.json --gather -o "$@" >"$work/out" 2>"$work/err" &
  job=$! code=0
  wait_until begun "$1"
}
begun() { [[ $(lines "$1") -ge 5 ]] || ended; }

# SIGTERM to one of them: both stop at the same update, and it can be resumed, by two processes or by one.
begins stopped "${options[@]}" --checkpoint 1000
rank=$(cut -d" " -f1 "/proc/$job/task/$job/children")
kill -TERM "$rank"
wait "$job" || code=$?
expect 'SIGTERM: exit code' exits 143
expect 'SIGTERM: in the midst' test "$(lines stopped)" -lt 28
cp -r stopped alone
quietly together stopped "${options[@]}" --checkpoint 1000 --resume
expect 'resumed by two: the same run' same_run two stopped
quietly train alone "${options[@]}" --gather --resume
expect 'resumed by one: the same model' at_most "$(weights one alone)" 1e-5
expect 'resumed by one: what was there goes on' equal "$(wc -l <alone/training/log.jsonl)" 28

# SIGTERM to mpirun, which hands it on so many seconds later and kills after as many.
export OMPI_MCA_odls_base_sigkill_timeout=3
begins killed --epochs 5000 --checkpoint 100000
kill -TERM "$job"
wait "$job" || code=$?
expect 'SIGTERM to mpirun: a code that is not 0' not exits 0
expect 'SIGTERM to mpirun: a state' test -f killed/training/state.safetensors
expect 'SIGTERM to mpirun: nothing half-made' equal "$(find killed -name '*.part*')" ''
unset OMPI_MCA_odls_base_sigkill_timeout

# What one process finds wrong ends them all.
run together two "${options[@]}"
expect 'an output that exists' exits 73
expect 'an output that exists: said' says 'two: exists'
run together three "${options[@]}" --lr 1e30
expect 'a loss that is not finite' exits 65
finish
