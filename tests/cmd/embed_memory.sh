#!/usr/bin/env bash
# usage: embed_memory.sh BIN SOURCE [SHARED]
# Memory grows neither with the length of a recording nor with the number of recordings, and open files do not either. HOURS and
# FILES set how long and how many.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
hours=${HOURS:-10} files=${FILES:-10000}

bytes() {  # NUMBER COUNT: little endian
  local i
  # shellcheck disable=SC2059  # the octal code is the format
  for ((i = 0; i < $2; ++i)); do printf "\\$(printf %03o $(($1 >> 8 * i & 255)))"; done
}
# silence FILE SECONDS: 8 kHz, 16 bit; takes no space on disk.
silence() {
  local size=$(($2 * 16000))
  {
    printf RIFF; bytes $((size + 36)) 4; printf 'WAVEfmt '; bytes 16 4; bytes 1 2; bytes 1 2
    bytes 8000 4; bytes 16000 4; bytes 2 2; bytes 16 2; printf data; bytes $size 4
  } >"$1"
  truncate -s $((size + 44)) "$1"
}
status() { sed -n "s/^$1:[[:space:]]*\([0-9]*\).*/\1/p" /proc/"$job"/status 2>/dev/null || true; }

# watched COMMAND...: $peak is the most memory it held, KiB; `at_a_glance` is called again and again.
watched() {
  local now
  peak=0 code=0
  "$@" 2>"$work/err" &
  job=$!
  while now=$(status VmHWM) && [[ -n $now ]]; do
    peak=$now
    at_a_glance
    sleep 0.05
  done
  wait $job || code=$?
  expect "$*" exits 0
}

at_a_glance() { :; }
silence minute.wav 60
silence hours.wav $((hours * 3600))
watched clap-embed minute.wav --threads 2 -o minute.h5
of_minute=$peak
watched clap-embed hours.wav --threads 2 -o hours.h5
expect 'hours: all rows' equal "$(attribute hours.h5 rows)" $((hours * 360))
echo "1 min: $of_minute KiB, $hours h: $peak KiB"
expect "$hours h take 64 MB more at most" test $((peak - of_minute)) -le 65536
rm hours.wav hours.h5

mkdir in
make_wav short.wav 4000
for ((i = 0; i < files; ++i)); do ln short.wav in/$i.wav 2>/dev/null || cp short.wav in/$i.wav; done
begun=0 open_files=()
at_a_glance() {
  (($(compgen -G '.many.h5.parts/*.part' | wc -l) >= 1000 / 64)) || return 0
  [[ $begun -gt 0 ]] || begun=$peak
  open_files+=("$(find /proc/"$job"/fd -mindepth 1 2>/dev/null | wc -l)")
}
watched clap-embed in --threads 2 -o many.h5
expect 'many: all rows' equal "$(attribute many.h5 rows)" "$files"
echo "after 1,000 of $files: $begun KiB, at the end: $peak KiB; $(printf '%s\n' "${open_files[@]}" | sort -n | uniq -c |
  awk '{ printf "%s%d open files %d times", (NR > 1 ? ", " : ""), $2, $1 }')"
expect 'growth behind the first 1,000' test $((100 * (peak - begun))) -lt "$begun"
most=$(printf '%s\n' "${open_files[@]}" | sort -n | tail -1)
middle=$(printf '%s\n' "${open_files[@]}" | sort -n | sed -n "$(((${#open_files[@]} + 1) / 2))p")
expect 'open files' test $((most - middle)) -le 3
finish
