#!/usr/bin/env bash
# usage: embed_faults.sh BIN SOURCE [SHARED]
# The n-th write, fsync, rename or allocation fails, or the disk is full: the output is the old file or the new one, never half
# of one, the exit code and a line say what happened, and --resume makes the file that an undisturbed run makes. FAULTS sets
# how many n are tried of each, KINDS of what.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
export SOURCE_DATE_EPOCH=1000000000
faults=${FAULTS:-3} kinds=" ${KINDS:-write fsync rename malloc limit disk} "
tries() { [[ $kinds == *" $1 "* ]]; }
shim=$bin/../lib/fail_nth.so
mkdir in
make_wav short.wav 8000
for ((i = 100; i < 170; ++i)); do ln short.wav in/$i.wav; done
rm in/120.wav
echo text >in/120.wav
command=(clap-embed in --window 1 --threads 2 -o out.h5)
run "${command[@]}" --resume
expect 'undisturbed: one fails' exits 1
mv out.h5 new.h5
run "${command[@]}" --force
mv out.h5 forced.h5
clap-embed in/100.wav -o old.h5

nothing_beside() { [[ -z $(compgen -G '.*.part-*' || true) ]]; }
old_or_new() { cmp -s out.h5 old.h5 || cmp -s out.h5 forced.h5; }

# failing CALL N COMMAND...: under the shim; $calls is how many calls there were.
failing() {
  local call=$1 at=$2
  shift 2
  rm -f "$work/count"
  run env LD_PRELOAD="$shim" FAIL_CALL="$call" FAIL_AT="$at" FAIL_COUNT="$work/count" "$@"
  calls=$(cat "$work/count" 2>/dev/null || echo 0)
}

# goes_on WHAT: a run behind one that failed.
goes_on() {
  run "${command[@]}" --resume
  expect "$1: goes on" exits 1
  expect "$1: goes on to the same bytes" cmp out.h5 new.h5
  expect "$1: leaves nothing" test ! -e .out.h5.parts
  rm -rf out.h5 .out.h5.parts
}

# A file system without locks, from the lock of the parts on: said, and no more.
failing flock 5 "${command[@]}" --resume
expect 'no locks: exit code' exits 1
expect 'no locks: said once' equal "$(grep -c 'no locks' "$work/err")" 1
expect 'no locks: the same bytes' cmp out.h5 new.h5
rm out.h5

declare -A codes
for call in write fsync rename; do
  tries $call || continue
  failing $call 0 "${command[@]}" --resume
  expect "$call: is counted" test "$calls" -gt 0
  rm -f out.h5
  total=$calls step=$((calls > faults ? calls / faults : 1))
  for ((at = 1; at <= total; at += step)); do
    cp old.h5 out.h5
    rm -rf .out.h5.parts
    failing $call $at "${command[@]}" --force
    codes["$call $code"]=$((${codes["$call $code"]-0} + 1))
    # a fault behind the rename, such as of the folder's fsync, finds the new file in place
    expect "$call $at: exit code" test $code -eq 74 -o $code -eq 73
    expect "$call $at: one line more" equal "$(grep -c '^clap-embed: error: ' "$work/err")" \
      $((1 + $(grep -c ' error: in/120.wav: ' "$work/err" || true)))
    expect "$call $at: old or new" old_or_new
    expect "$call $at: nothing half beside" nothing_beside
    rm -rf out.h5 .out.h5.parts
    failing $call $at "${command[@]}" --resume
    [[ ! -e out.h5 ]] || expect "$call $at: no half file" cmp out.h5 new.h5
    goes_on "$call $at"
  done
  echo "$call: $total calls, every ${step}th failed"
done

if tries malloc; then
  failing malloc 0 "${command[@]}" --force
  total=$calls
  expect 'malloc: is counted' test "$total" -gt 1000
  rm -f out.h5
  # The first ones, as many spread over the whole run, and over its last fifth: most are made while LibTorch is loaded.
  mapfile -t places < <(seq 1 "$faults"; seq $((faults + 1)) $((total / faults)) "$total"
    seq $((total * 4 / 5)) $((total / 5 / faults)) "$total")
  for at in "${places[@]}"; do
    cp old.h5 out.h5
    rm -rf .out.h5.parts
    failing malloc "$at" "${command[@]}" --force
    codes["malloc $code"]=$((${codes["malloc $code"]-0} + 1))
    expect "malloc $at: ends in words" test $code -le 1 -o $code -ge 64 -a $code -le 74
    [[ $code -le 1 ]] || expect "malloc $at: says why" grep -q '^clap-embed: error: ' "$work/err"
    expect "malloc $at: old or new" test -n "$(clap-embed --verify out.h5 && echo whole)"
    expect "malloc $at: nothing half beside" nothing_beside
  done
  echo "malloc: $total calls, ${#places[@]} failed"
  rm -rf out.h5 .out.h5.parts
fi

# A file may not become larger than so many KiB: as a full disk, but for the word.
size=$(($(stat -c %s new.h5) / 1024))
for ((limit = 0; limit < size; limit += size / faults + 1)); do
  tries limit || break
  cp old.h5 out.h5
  run bash -c "ulimit -f $limit; exec \"\$@\"" - "${command[@]}" --force
  expect "$limit KiB: exit code" exits 74
  expect "$limit KiB: the old file" cmp out.h5 old.h5
  rm -rf out.h5 .out.h5.parts
  run bash -c "ulimit -f $limit; exec \"\$@\"" - "${command[@]}" --resume
  expect "$limit KiB: --resume: exit code" exits 74
  expect "$limit KiB: no file" test ! -e out.h5
  goes_on "$limit KiB"
done

# A full disk, where a name space for a small one can be had.
if ! tries disk; then
  :
elif unshare -rm true 2>/dev/null; then
  mkdir disk
  for ((limit = 12; limit < 3 * size; limit += 3 * size / faults + 1)); do
    # shellcheck disable=SC2016  # for the inner shell
    run unshare -rm bash -c 'mount -t tmpfs -o size='$limit'k none disk && cp old.h5 disk/out.h5 || exit 99
      code=0; clap-embed in --window 1 --threads 2 -o disk/out.h5 --force || code=$?
      cp disk/out.h5 out.h5; exit $code'
    expect "$limit KiB of disk: exit code" test $code -eq 74 -o $code -eq 73 -o $code -eq 99 -o $code -eq 1
    [[ $code -eq 99 ]] || expect "$limit KiB of disk: old or whole" test -n "$(clap-embed --verify out.h5 && echo whole)"
    codes["disk $code"]=$((${codes["disk $code"]-0} + 1))
    rm -f out.h5
  done
else
  echo 'no name spaces here: no full disk'
fi
for key in "${!codes[@]}"; do echo "$key: ${codes[$key]} times"; done | sort
finish
