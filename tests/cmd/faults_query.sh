#!/usr/bin/env bash
# usage: faults_query.sh BIN SOURCE [SHARED]
# clap-query answers each line of standard input at once; sounds are pooled as the model pools; progress on a
# terminal stays within its width.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
clap-embed --text 'a dog' 'a bell' 'the rain' -o texts.h5

# A conversation: the answer to a line comes before the next line is written.
talks() {
  local question line rows=0
  coproc query { exec clap-query texts.h5 -k 2 "$@" 2>"$work/err"; }
  # shellcheck disable=SC2154  # coproc sets them
  local to=${query[1]} from=${query[0]} pid=$query_PID
  for question in 'a dog' 'a bell' '' 'the rain'; do
    printf '%s\n' "$question" >&"$to"
    [[ -n $question ]] || continue
    for _ in 1 2; do
      IFS= read -r -t 20 line <&"$from" || return 1
      [[ $line != query* ]] || IFS= read -r -t 20 line <&"$from" || return 1
      [[ $line == *"$question"* ]] || return 1
      rows=$((rows + 1))
    done
  done
  exec {to}>&-
  IFS= read -r -t 20 line <&"$from" && return 1  # the header came once
  wait "$pid" && [[ $rows -eq 6 ]]
}
code=0
expect 'each line is answered at once' talks
expect 'as JSON Lines' talks --json
expect 'with - for the lines' talks -
printf 'a dog\na bell\n' >lines
input=lines
run clap-query texts.h5 -k 1 --no-header
expect 'a file of lines' test "$(cut -f 1,4 "$work/out")" = $'a dog\ta dog\na bell\ta bell'
printf 'a dog\nb\344d\n' >lines
refuses 65 'standard input: line 2' clap-query texts.h5 -o out.tsv
input=/dev/null
refuses 66 'standard input' bash -c 'clap-query texts.h5 <.'
refuses 64 'both the index and the queries' clap-query - -

# A model without a codebook.
sed 's/^{/{"pooling": "mean", /' "$source_dir/examples/demo-model.json" >mean.json
clap-model synth -o mean --config mean.json --salt mean --gain 64
export CLAP_MODEL=$PWD/mean
bell=$(find "$clips" -name '*bell*' | head -n 1)
run clap-embed "$clips" --pool mean -o sounds.h5
expect 'embedded' exits 0
run clap-query sounds.h5 --audio "$bell" -k 1 --no-header
expect 'a sound finds itself' test "$(cut -f 1,2,3,4 "$work/out")" = "$bell"$'\t1\t1.000000\t'"$bell"

# On a terminal each rewritten line fits, also where it must be cut.
widest() { perl -0777 -ne 'print "$1\n" while /(clap-embed: embedded[^\r\n]*)\r\x1b\[K/g' typed | wc -L; }
if command -v script >/dev/null; then
  for columns in 80 40; do
    script -qec "stty cols $columns; clap-embed '$clips' --batch 1 -o s$columns.h5" typed </dev/null >/dev/null
    expect "progress within $columns columns" test "$(widest)" -lt "$columns"
  done
  expect 'it was cut' test "$(widest)" -eq 39
fi
finish
