#!/usr/bin/env bash
# usage: train_resume.sh BIN SOURCE [SHARED [STOPS [SEED]]]
# A run of clap-train that is stopped at any moment and resumed ends as one that was not, byte for byte. STOPS a setting
# (default 4), every other one a kill -9.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/cmd/train_lib.sh
. "$source_dir/tests/cmd/train_lib.sh"
stops=${4-4}
seed_random "${5-7}"

reaches() { [[ $(lines "$1") -ge $2 ]] || ended; }

# stop_once OUT OPTION...: begins or resumes a run and stops it.
stop_once() {
  local out=$1 resume=() job wanted
  [[ ! -d $out/training ]] || resume=(--resume)
  wanted=$(($(lines "$out") + 1 + RANDOM % 20))
  train_apart "$@" "${resume[@]}"
  code=0
  if ((n % 2 == 0)); then  # SIGTERM after some updates, in the midst of an epoch as likely as not
    wait_until reaches "$out" "$wanted"
    kill -TERM "$job" 2>/dev/null || true
  else
    sleep "$((RANDOM % 2)).$((RANDOM % 10))"
    kill -KILL "$job" 2>/dev/null || true
  fi
  { wait "$job" || code=$?; } 2>/dev/null
}

# storm NAME OPTION...
storm() {
  local name=$1 n codes=()
  shift
  quietly train "$name" "$@"
  for ((n = 0; n < stops; ++n)); do
    stop_once "stopped_$name" "$@"
    codes+=("$code")
    case $code in
      143) expect "$name: SIGTERM loses nothing" says_nothing ;;
      137 | 0) ;;
      *) expect "$name: stop $n: exit code" exits 143 ;;
    esac
    [[ $code -ne 0 ]] || break
  done
  echo "$name: stopped ${#codes[@]} times (${codes[*]}), at $(lines "stopped_$name") of $(lines "$name") lines"
  quietly train "stopped_$name" "$@" --resume
  expect "$name: the same losses" diff <(losses "$name") <(losses "stopped_$name")
  for file in model.safetensors config.json known_answer.safetensors training/last/model.safetensors; do
    expect "$name: the same $file" cmp "$name/$file" "stopped_$name/$file"
  done
  expect "$name: nothing half-made is left" equal "$(cd "$name" && find . | sort)" "$(cd "stopped_$name" && find . | sort)"
}

epochs=$((20 + 8 * stops))
storm plain --epochs $epochs --checkpoint 5 --valid valid.json --valid-labels labels.txt --prompt 'a {} tone' -q
storm averaged --epochs $epochs --checkpoint 4 --accumulate 2 --ema 0.9 --gain 6 --noise 0.5 --mix 0.5
finish
