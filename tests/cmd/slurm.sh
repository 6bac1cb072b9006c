#!/usr/bin/env bash
# usage: slurm.sh BIN SOURCE [SHARED]
# examples/slurm on a real slurmctld and slurmd of one node, in a folder of their own and on loopback: an array over
# shards, one task of which is requeued while it runs and another killed on the spot and requeued, and the job that
# waits for them give file and index of an undisturbed run. Exit code 77 where Slurm cannot run.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/cmd/shard_lib.sh
. "$source_dir/tests/cmd/shard_lib.sh"

skip() { echo "skipped: $*"; exit 77; }
for program in slurmctld slurmd sbatch munged; do
  command -v "$program" >/dev/null || skip "no $program; it comes with Debian's slurm-wlm and munge"
done
[[ $(id -u) -eq 0 ]] || skip "slurmd needs root"

host=$(hostname -s)
cluster=$(mktemp -d)
stop() {
  local file
  for file in slurmd slurmctld munged; do
    [[ ! -s $cluster/run/$file.pid ]] || kill "$(<"$cluster/run/$file.pid")" 2>/dev/null || true
  done
  sleep 1
  rm -rf "$cluster" "$work"
}
trap stop EXIT

free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

write_configuration() {
  cat >"$cluster/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$cluster/run/munge.sock
CryptoType=crypto/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SlurmctldPidFile=$cluster/run/slurmctld.pid
SlurmdPidFile=$cluster/run/slurmd.pid
SlurmdSpoolDir=$cluster/spool
StateSaveLocation=$cluster/state
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd.log
SwitchType=switch/none
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=5
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
KillWait=20
JobRequeue=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=p Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
}

start_munge() {
  dd if=/dev/urandom of="$cluster/munge.key" bs=1 count=1024 status=none
  chown munge "$cluster/munge.key"
  chmod 400 "$cluster/munge.key"
  chown -R munge "$cluster/run"
  su -s /bin/bash munge -c "munged --key-file=$cluster/munge.key --socket=$cluster/run/munge.sock \
    --pid-file=$cluster/run/munged.pid --log-file=$cluster/run/munged.log --seed-file=$cluster/run/seed --force"
}

start_cluster() {
  mkdir -p "$cluster/state" "$cluster/spool" "$cluster/run"
  chmod 755 "$cluster" "$cluster/run"
  write_configuration
  export SLURM_CONF=$cluster/slurm.conf
  start_munge && slurmctld -c && sleep 2 && slurmd -N "$host"
}

# waits SECONDS CONDITION...: ten times a second.
waits() {
  local left=$((10 * $1))
  shift
  until "$@"; do
    ((left-- > 0)) || return 1
    sleep 0.1
  done
}
state_of() { squeue --noheader --format %T --jobs "$1" 2>/dev/null | sort -u; }
is_idle() { [[ $(sinfo --noheader --format %T) == idle* ]]; }
is_over() { [[ -z $(state_of "$1") ]]; }
# Slurm holds a requeued job back for up to two minutes; this lets it go.
all_over() {
  scontrol update "JobId=${array}_1" StartTime=now 2>/dev/null || true
  is_over "$array" && is_over "$index"
}
has_begun() { compgen -G "out/.part-$1.h5.parts/*.part" >/dev/null; }
submit() {
  run "$source_dir/examples/slurm/submit" corpus "$PWD/out" 4
  expect 'submit' exits 0
  { read -r array; read -r index; } <"$work/out"
}

start_cluster >"$work/start" 2>&1 || { cat "$work/start"; skip "Slurm does not start here"; }
waits 60 is_idle || { tail -n 5 "$cluster"/*.log; skip "the node does not come up"; }

make_tiny_model
make_corpus 600
undisturbed
submit
expect 'the index job waits for the array' test "$(state_of "$index")" = PENDING
expect 'a task works' waits 120 has_begun 1
run scontrol requeue "${array}_1"
expect 'requeue' exits 0
expect 'another works' waits 120 has_begun 2
run kill -KILL "$(pgrep -f "^clap-embed .* -o $PWD/out/part-2.h5")"
expect 'kill' exits 0
expect 'all jobs end' waits 300 all_over
cat out/log/* >"$work/err"
expect 'the requeued task kept what it had' grep -q 'part-1.h5: interrupted' out/log/embed-1.txt
expect 'and went on' test -e out/part-1.h5
expect 'the killed task has no part' test ! -e out/part-2.h5
expect 'no index of a part of the corpus' test ! -e out/corpus.clapindex
touch -d '1 hour ago' out/part-*.h5
submit
expect 'all jobs end, again' waits 300 all_over
cat out/log/* >"$work/err"
expect 'only what was missing' equal "$(find out -name 'part-*.h5' -newermt '30 minutes ago')" out/part-2.h5
expect_undisturbed out

run sbatch --wait --array=0-3 -o "$PWD/out/query-%a.txt" "$source_dir/examples/slurm/query.sbatch" \
  "$PWD/out/corpus.clapindex" "$PWD/queries.txt" "$PWD/out"
expect 'queries by an array' exits 0
run clap-query --merge out/hits-{0..3}.tsv -k 10
expect 'the hits of one search' equal "$(<"$work/out")" "$(clap-query --exact-scores -k 10 out/corpus.clapindex <queries.txt)"
finish
