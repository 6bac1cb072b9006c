#!/usr/bin/env bash
# usage: faults_options.sh BIN SOURCE [SHARED]
# Every option of every tool, as --help lists them: no empty value, no number that is none or out of its range,
# and the order argument, option, environment, --config, default.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# TOOL COMMAND OPTION TYPE, one a line; COMMAND is "-" for a tool without.
list_options() {
  local tool name command
  for tool in "$bin"/clap-*; do
    name=$(basename "$tool")
    for command in $("$tool" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p') -; do
      # shellcheck disable=SC2046  # no word for "-"
      "$tool" $([[ $command = - ]] || echo "$command") --help |
        sed -nE "s/^  (-.,)?(--[a-z0-9-]+) ([A-Z/0-9=]+)( .*)?\$/$name $command \2 \3/p"
    done
  done
}
list_options >options
expect 'there are many options' test "$(wc -l <options)" -ge 150
is_number='^(N|X|G|T|DB|MIB|SECONDS|SHARE|CHANCE|SCORE|FRAMES)$'
numbers=0
while read -r tool command option type; do
  words=("$tool")
  [[ $command = - ]] || words+=("$command")
  refuses 64 "$option: is empty" "${words[@]}" "$option" ''
  [[ $type =~ $is_number && $option != --threads ]] || continue
  numbers=$((numbers + 1))
  variable=CLAP_$(tr 'a-z-' 'A-Z_' <<<"${option#--}")
  for bad in nan 0x10 5x; do refuses 64 "'$bad'" "${words[@]}" "$option" "$bad"; done
  [[ $type = SCORE || $type = T || $option = --noise-snr ]] || refuses 64 "$option: " "${words[@]}" "$option" -0
  # These go with --ci or --mteb only, without which a default from the environment is left out.
  [[ $tool$option =~ ^clap-eval--(seed|ci-level|mteb-threshold)$ ]] ||
    refuses 64 "from $variable: $option: " env "$variable=many" "${words[@]}"
  refuses 64 "error: $option: " env "$variable=1" "${words[@]}" "$option" inf
done < <(sort -u options)
expect 'of these, numbers' test "$numbers" -ge 45
refuses 64 '--window: is empty' clap-embed x --window= -o none.h5
refuses 64 '--output: is empty' clap-index build x --output= --force
refuses 64 'INPUT: is empty' clap-embed '' -o none.h5
refuses 64 'INDEX: is empty' clap-query ''
refuses 64 'INPUT: is empty' clap-index build '' -o none.clapindex
refuses 64 'MODEL: is empty' clap-model info ''
refuses 64 'MANIFEST: is empty' clap-train '' -o none
for bad in 'clap-embed x -o y --window 0' 'clap-embed x -o y --hop 0' 'clap-train x -o y --beta -1' \
  'clap-train x -o y --cache -1' 'clap-train x -o y --seed -1' 'clap-classify x --events --max-gap -1' \
  'clap-eval detection --f-threshold inf' 'clap-query x --ef 2000000' 'clap-model synth --gain 0'; do
  # shellcheck disable=SC2086  # words
  refuses 64 'must be' $bad
done
refuses 64 '--top-k: must be at least 1' clap-query x -k 0
refuses 64 "'-0/4' is neither" clap-embed x -o none.h5 --shard -0/4

# What a default from the environment does not go with is stronger; what it lacks, it is left out for.
make_embeddings a.h5 audio m1 <<<$'id start_s end_s vector\na.wav 0 1 1,0\nb.wav 0 1 0,1'
clap-index build a.h5 -o a.clapindex
while read -r variable line; do
  # shellcheck disable=SC2086  # words
  run env "$variable" $line
  expect "$variable $line: no conflict" not grep -qE 'go with|goes with|needs|from CLAP' "$work/err"
done <<'LINES'
CLAP_FORCE=1 clap-embed nowhere -o n.h5 --resume
CLAP_RESUME=1 clap-embed nowhere -o n.h5 --force
CLAP_SHARD=0/2 clap-embed --text nothing.txt -o nowhere/n.h5
CLAP_TEXT=1 clap-embed nowhere -o n.h5 --shard 0/2
CLAP_MERGE=1 clap-embed --verify a.h5
CLAP_VIRTUAL=1 clap-embed nowhere -o n.h5
CLAP_FRAMES=1 clap-embed nowhere -o n.h5 --pool mean
CLAP_POOL=codebook clap-embed nowhere -o n.h5 --frames
CLAP_FRAMES=1 clap-classify nowhere --labels nowhere --pool codebook
CLAP_POOL=mean clap-classify nowhere --labels nowhere --events
CLAP_POOL=mean clap-classify nowhere --labels nowhere --explain
CLAP_FACTORY=Flat clap-index build a.h5 --like a.clapindex -o n1.clapindex
CLAP_LIKE=nowhere clap-index build a.h5 --factory Flat -o n2.clapindex
CLAP_EF=9 clap-query --merge nowhere.tsv
CLAP_MERGE=1 clap-query a.h5 --embeddings a.h5
CLAP_MERGE=0 clap-query a.h5 --embeddings a.h5
CLAP_SEED=3 clap-eval classification --scores nowhere --truth nowhere
CLAP_EVENTS=0.5=x clap-eval detection --scores nowhere --truth nowhere --durations nowhere
CLAP_SCORES=nowhere clap-eval detection --events 0.5=x --truth nowhere --durations nowhere
CLAP_BEST=top1 clap-train nowhere -o n
CLAP_FORCE=1 clap-train nowhere -o n --resume
LINES
expect 'the explicit option won' test -d n2.clapindex
refuses 64 'does not go with' env CLAP_RESUME=1 CLAP_FORCE=1 clap-embed nowhere -o n.h5
refuses 64 '--frames: needs one row' clap-embed nowhere -o n.h5 --frames --pool mean
refuses 64 '--frames: needs one row' env CLAP_FRAMES=1 CLAP_POOL=mean clap-embed nowhere -o n.h5
refuses 64 '--pool: leaves no frames' clap-classify nowhere --labels nowhere --events --pool mean
refuses 64 '--resume: does not go with --force' clap-embed nowhere -o n.h5 --resume --force

# After "--" nothing is an option, in a command either.
make_embeddings ./-b.h5 audio m1 <<<$'id start_s end_s vector\nc.wav 0 1 1,0'
cp ./-b.h5 ./--force
for words in 'a.h5 -o d1.clapindex -- -b.h5' '-o d2.clapindex -- a.h5 -b.h5' '-o d3.clapindex a.h5 -- --force'; do
  # shellcheck disable=SC2086
  run env CLAP_FACTORY=Flat clap-index build $words
  expect "build $words" exits 0
done
for i in 1 2 3; do expect "d$i: all rows" equal "$(clap-index info d$i.clapindex --no-header | cut -f 1)" 3; done
quietly clap-index add a.clapindex -- -b.h5
refuses 66 '--factory: No such file' clap-index build a.h5 -o d4.clapindex -- --factory Flat

rows() { wc -l <"$work/out"; }
printf 'top-k = 1\nno-header = true\n' >query.toml
run env CLAP_TOP_K=2 clap-query a.h5 --embeddings a.h5 --config query.toml
expect 'the environment before the file' test "$(rows)" -eq 4
run env CLAP_TOP_K=1 clap-query a.h5 --embeddings a.h5 --config query.toml -k 2
expect 'the command line before both' test "$(rows)" -eq 4
run env CLAP_JSON=0 CLAP_NO_HEADER=off clap-query a.h5 --embeddings a.h5
expect 'flags that are off' test "$(head -n 1 "$work/out" | cut -f 1)" = query
run env CLAP_TOP_K= clap-query a.h5 --embeddings a.h5
expect 'an empty variable is none' exits 0
refuses 64 'from CLAP_JSON' env CLAP_JSON=maybe clap-query a.h5 --embeddings a.h5
printf '[merge]\nforce = true\n[build]\nlike = "a.clapindex"\n' >index.toml
refuses 73 'exists' clap-index --config index.toml build a.h5 -o a.clapindex
run clap-index --config index.toml build a.h5 -o n3.clapindex --factory Flat
expect 'a default of the file that does not fit is left out' exits 0
cp a.h5 '[a,b].h5'
run clap-index build '[a,b].h5' -o n4.clapindex
expect 'brackets are part of a name' exits 0

# clap-model: MODEL, --model, CLAP_MODEL.
config=unnamed.json
sed 's/"name": "demo", //' "$source_dir/examples/demo-model.json" >"$config"
for salt in a b c; do clap-model synth -o "model_$salt" --config "$config" --salt "$salt"; done
is() { [[ $(sed -n 's/^name\t//p' "$work/out") == "synthetic-$1" ]]; }
run env CLAP_MODEL=model_a clap-model info
expect 'the environment' is a
run env CLAP_MODEL=model_a clap-model info --model model_b
expect 'an option before the environment' is b
run env CLAP_MODEL=model_a clap-model info model_b
expect 'an argument before the environment' is b
run env CLAP_MODEL=model_a clap-model info --model model_b model_c
expect 'an argument before an option' is c
refuses 66 'nowhere' env CLAP_MODEL=model_a clap-model verify nowhere
for words in 'convert model_b -o' 'convert --model model_b -o' 'split model_b -o'; do
  name=made${words//[^a-z]/}
  # shellcheck disable=SC2086  # words
  run env CLAP_MODEL=model_a clap-model $words "$name"
  run clap-model info --model "$name" --json
  [[ $words != convert* ]] || expect "clap-model $words" grep -q '"synthetic-b"' "$work/out"
  [[ $words != split* ]] || expect "clap-model $words" grep -q 'synthetic-b' "$name/config.json"
done
run env CLAP_MODEL=model_a clap-model export model_b --pt b.pt
run clap-model info b.pt --model-config model_b/config.json
expect 'export' is b
finish
