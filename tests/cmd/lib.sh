# shellcheck shell=bash disable=SC2034  # variables are for the scripts
# Sourced by the end-to-end scripts of clap-embed and clap-model with their arguments: BIN SOURCE [SHARED].
# Goes to a folder of its own, removed at the end; the programs come first on the path; no CLAP_* variable is set.
set -euo pipefail
export LC_ALL=C
bin=$(cd "${1:?folder of the programs}" && pwd)
source_dir=$(cd "${2:?source folder}" && pwd)
shared=${3-}
for variable in "${!CLAP_@}"; do unset "$variable"; done
unset SOURCE_DATE_EPOCH variable
PATH=$bin:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/here"
cd "$work/here"
clips=$source_dir/examples/audio
input=/dev/null
failures=0

# run COMMAND...: its output, messages and exit code go to $work; standard input is $input.
run() {
  code=0
  "$@" >"$work/out" 2>"$work/err" <"$input" || code=$?
}

# expect WHAT CONDITION...: counts and shows what does not hold.
expect() {
  local what=$1
  shift
  "$@" && return
  failures=$((failures + 1))
  printf 'FAILED: %s\nnot true: %s\ncode %s, output and messages:\n' "$what" "$*" "${code-}"
  head -c 2000 "$work/out" "$work/err"
}
not() { ! "$@"; }
exits() { [[ $code -eq $1 ]]; }
prints() { [[ $(<"$work/out") == "$1" ]]; }
prints_nothing() { [[ ! -s $work/out ]]; }
says() { grep -qF -- "$1" "$work/err"; }
says_nothing() { [[ ! -s $work/err ]]; }
# What a run of clap-embed came to in which nothing failed.
summary='^clap-embed: embedded [0-9]+( of [0-9]+)? clips, [^,]+ h of audio, [^,]+ x real time$'
says_lines() { [[ $(grep -cvE "$summary" "$work/err") -eq $1 ]]; }
at_most() { [[ $1 =~ ^[0-9] ]] && awk "BEGIN { exit !($1 <= $2) }"; }  # "inf" is not
equal() { [[ $1 == "$2" ]]; }

# A run that must do its work without a word but what it came to.
quietly() {
  run "$@"
  expect "$*" exits 0
  sed -i -E "/$summary/d" "$work/err"
  expect "$*: no message" says_nothing
}

# refuses CODE TEXT COMMAND...: one line that holds TEXT, nothing on standard output.
refuses() {
  local expected=$1 text=$2
  shift 2
  run "$@"
  expect "$*: exit code $expected" exits "$expected"
  expect "$*: one line" says_lines 1
  expect "$*: the reason" says "$text"
  expect "$*: no output" prints_nothing
}

attribute() { h5_check header "$1" | sed -n "s/^$2=//p"; }
ids() { h5_check rows "$1" | cut -f1; }

# Rows and errors of two files.
same_rows() { [[ $(h5_check rows "$1") == "$(h5_check rows "$2")" ]]; }
same() { [[ $(h5_check rows "$1"; h5_check errors "$1") == "$(h5_check rows "$2"; h5_check errors "$2")" ]]; }

# The tests' tiny model (docs/reference/pipeline.md, Configurations).
make_tiny_model() {
  clap-model synth -o tiny --config "$source_dir/examples/demo-model.json" --salt tiny-1 --gain 64
  export CLAP_MODEL=$PWD/tiny
}

# little N BYTES: a number as little-endian bytes, as escapes.
little() {
  local i number=$1
  for ((i = 0; i < $2; ++i)); do
    printf '\\x%02x' $((number & 255))
    number=$((number >> 8))
  done
}

# beeps SAMPLES FILE: 16-bit PCM at 8 kHz; every 5 s a beep of 1 s at 1 kHz, then one of 0.5 s at 3 kHz.
beeps() {
  local bytes=$(($1 * 2)) i
  [[ -s $work/period ]] || printf '%b' "$(awk '
    function put(v) { v = int(v); if (v < 0) v += 65536; printf "\\x%02x\\x%02x", v % 256, int(v / 256) }
    BEGIN {
      pi = atan2(0, -1)
      for (i = 0; i < 40000; i++) {
        hz = i >= 4000 && i < 12000 ? 1000 : i >= 24000 && i < 28000 ? 3000 : 0
        put(hz ? 12000 * sin(2 * pi * hz * i / 8000 + 0.1) : 0)
      }
    }')" >"$work/period"
  {
    printf 'RIFF%bWAVEfmt %b' "$(little $((bytes + 36)) 4)" "$(little 16 4)$(little 1 2)$(little 1 2)"
    printf '%bdata%b' "$(little 8000 4)$(little 16000 4)$(little 2 2)$(little 16 2)" "$(little "$bytes" 4)"
    for ((i = 0; i <= bytes / 80000; ++i)); do cat "$work/period"; done
  } >"$2"
  truncate -s $((bytes + 44)) "$2"
}

# seed_random SEED: seeds $RANDOM with it, or with $SEED where that is set, and prints it, to repeat a failure.
seed_random() {
  RANDOM=${SEED:-$1}
  echo "seed ${SEED:-$1}"
}

finish() {
  echo "$failures failures"
  [[ $failures -eq 0 ]]
}
