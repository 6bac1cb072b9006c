# shellcheck shell=bash disable=SC2034,SC2154,SC2119,SC2120  # half of each recipe is elsewhere
# What the recipes share. Sourced, not run. A recipe sets `title` and `origin` (where to get the data), adds options
# of its own to `option` (each takes a value), and calls `begin "$@"`; then it fills $work/clips.tsv, whose first column
# is the path of a recording, its id in every file that follows.
set -euo pipefail
export LC_ALL=C

name=${0##*/}
declare -A option
option[--output]=$name.json option[--keep]='' option[--pool]=first option[--max-missing]=0
option[--ci]='' option[--seed]='' option[--junit]='' option[--baseline]='' option[--plot]='' option[--report]=''

say() { printf '%s: %s\n' "$name" "$*" >&2; }
die() { local code=$1; shift; say "error: $*"; exit "$code"; }

# The head of the recipe is its help; the options of all follow.
help() {
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
  cat <<TEXT

Options:
  -o, --output FILE    the metrics as JSON ($name.json); --force replaces it
  --keep DIR           keep embeddings, scores and ground truth there
  --pool MODE          recordings over 10 s: first (default: the first 10 s), codebook, mean; see clap-embed(1)
  --min METRIC=VALUE   exit with 1 if the metric is below; may be repeated
  --max-missing N      exit with 1 if more recordings than that cannot be read (0)
  --baseline FILE      an earlier result of this recipe, with --max-drop
  --max-drop [METRIC=]D    exit with 1 if the metric ($main) is below the baseline by more than D; may be repeated
  --ci N, --seed N     intervals from N bootstrap resamples
  --junit, --plot, --report FILE    as of clap-eval(1)
  -- OPTION...         for clap-embed and clap-classify alike, such as --model, --threads, --device, --batch
TEXT
}

# Reads the command line; sets data, work, output, force, gates, clap.
begin() {
  data='' force=() gates=() clap=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      -h | --help) help; exit 0 ;;
      --force) force=(--force) ;;
      --) shift; clap=("$@"); break ;;
      -*) take_option "$@"; shift ;;
      *) [[ -z $data ]] || die 64 "one DATA_DIR, not also '$1'"; data=${1%/} ;;
    esac
    shift
  done
  [[ -n $data ]] || die 64 "which DATA_DIR? Try --help"
  [[ -d $data ]] || missing "$data"
  output=${option[--output]}
  [[ -d $(dirname "$output") ]] || die 73 "$output: there is no such folder"
  [[ ! -e $output || ${#force[@]} -gt 0 ]] || die 73 "$output: exists already; --force replaces it"
  find_programs
  make_work_folder
}

take_option() {
  local word=$1
  [[ $word != -o ]] || word=--output
  [[ $# -gt 1 ]] || die 64 "$word needs a value"
  if [[ $word == --min ]]; then
    gates+=(--min "$2")
  elif [[ $word == --max-drop ]]; then
    if [[ $2 == *=* ]]; then gates+=(--max-drop "$2"); else gates+=(--max-drop "$main=$2"); fi
  else
    [[ -v option[$word] ]] || die 64 "there is no option $word; try --help"
    option[$word]=$2
  fi
}

# Those on the path, else those of this source tree.
find_programs() {
  local tool
  command -v clap-eval >/dev/null || PATH=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build/release/bin:$PATH
  for tool in clap-embed clap-index clap-classify clap-eval; do
    command -v "$tool" >/dev/null || die 69 "$tool is not on the path; scripts/test builds it"
  done
}

make_work_folder() {
  work=${option[--keep]}
  if [[ -n $work ]]; then
    mkdir -p "$work" || die 73 "$work: cannot be made"
  else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
  fi
}

missing() { die 66 "$1: missing; $title can be got from $origin"; }

# in_folder FOLDER: puts it before the first column of a table.
in_folder() { folder=$1 awk '{ print ENVIRON["folder"] "/" $0 }'; }

# find_data PATH...: the first of them that is in DATA_DIR.
find_data() {
  local path
  for path; do
    [[ ! -e $data/$path ]] || { printf '%s\n' "$data/$path"; return; }
  done
  missing "$data/$1"
}

# table FILE COLUMN...: those columns, tab separated; by their names or, where there is no header, their numbers.
# Tabs separate if the first line has one, else commas, with quoting. Lines that start with # are left out.
table() {
  local file=$1 columns
  shift
  columns=$(IFS=$'\t'; echo "$*")
  wanted=$columns subject=$file tool=$name awk '
    function cut_line(line,    n, i, c, quoted) {
      if (tabs) return split(line, field, "\t")
      if (index(line, "\"") == 0) return split(line, field, ",")
      n = 1; field[1] = ""
      for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (quoted && c == "\"" && substr(line, i + 1, 1) == "\"") { field[n] = field[n] c; i++ }
        else if (quoted && c == "\"") quoted = 0
        else if (!quoted && c == "\"" && field[n] ~ /^ *$/) { quoted = 1; field[n] = "" }
        else if (!quoted && c == ",") field[++n] = ""
        else field[n] = field[n] c
      }
      return n
    }
    function find_columns(n,    i, j) {
      for (i = 1; i <= columns; i++) {
        for (j = 1; j <= n && field[j] != column[i]; j++) continue
        if (j > n) {
          printf "%s: error: %s: column %s is missing\n", ENVIRON["tool"], ENVIRON["subject"], column[i] >"/dev/stderr"
          exit 65
        }
        at[i] = j
      }
    }
    BEGIN { columns = split(ENVIRON["wanted"], column, "\t"); numbered = column[1] ~ /^[0-9]+$/ }
    { sub(/\r$/, "") }
    NR == 1 { sub(/^\357\273\277/, ""); tabs = index($0, "\t") }
    /^#/ || /^$/ { next }
    {
      n = cut_line($0)
      if (++rows == 1 && !numbered) { find_columns(n); next }
      line = ""
      for (i = 1; i <= columns; i++) {
        j = numbered ? column[i] : at[i]
        value = j <= n ? field[j] : ""
        gsub(/\t/, " ", value)
        line = line (i > 1 ? "\t" : "") value
      }
      print line
    }' "$file"
}

# json FILE: one line for each value: its keys and positions from the outside in, joined by /, a tab, the value.
json() {
  grep -oE '"([^"\\]|\\.)*"|[][{}:,]|[^][{}:,"[:space:]]+' "$1" | awk '
    function utf8(code) {
      if (code < 128) return sprintf("%c", code)
      if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
      return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
    }
    function hex(digits,    i, code) {
      for (i = 1; i <= length(digits); i++) {
        code = code * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
      }
      return code
    }
    function text(token,    out, at, c) {
      if (token !~ /^"/) return token
      token = substr(token, 2, length(token) - 2)
      while (at = index(token, "\\")) {
        c = substr(token, at + 1, 1)
        out = out substr(token, 1, at - 1)
        if (c == "u") { out = out utf8(hex(substr(token, at + 2, 4))); at += 4 }
        else out = out (c ~ /[bfnrt]/ ? " " : c)
        token = substr(token, at + 2)
      }
      return out token
    }
    /^[\[{]$/ { key[++depth] = 0; list[depth] = $0 == "["; naming = !list[depth]; next }
    /^[\]}]$/ { depth--; naming = 0; next }
    /^:$/ { naming = 0; next }
    /^,$/ { if (list[depth]) key[depth]++; else naming = 1; next }
    naming { key[depth] = text($0); next }
    {
      path = key[1]
      for (i = 2; i <= depth; i++) path = path "/" key[i]
      print path "\t" text($0)
    }'
}

# Names under which a segment of a video is kept, most telling first, separated by |; none of the data sets that
# consist of such segments says how to name the files. ID_30.0-40.0 is audioset-download's, YID yt-dlp's as most scripts
# call it. For awk programs.
segment_names='function as_python(seconds,    text) {
  text = sprintf("%.3f", seconds); sub(/0+$/, "", text); sub(/[.]$/, ".0", text)
  return text
}
function segment_names(id, start, end,    stem) {
  stem = id sprintf("_%06d|", start) id sprintf("_%d|", start * 1000) id sprintf("_%d_%d|", start * 1000, end * 1000)
  stem = stem id sprintf("_%d_%d|", start, end) id sprintf("_%d|", start) id sprintf("_%.3f|", start)
  stem = stem id sprintf("_%.3f_%.3f|", start, end) id sprintf("_%d-%d|", start, end)
  stem = stem id "_" as_python(start) "-" as_python(end) "|" id sprintf("_%.3f-%.3f|", start, end) id
  gsub(/[^|]+/, "&|Y&", stem)
  return stem
}'

# locate FOLDER <TABLE: puts in place of the first column, names without extension separated by |, the path of the
# first such file under the folder; rows without one are left out and counted.
locate() {
  find -L "$1" -type f | sort >"$work/files"
  awk -F'\t' -v OFS='\t' -v tool="$name" '
    NR == FNR {
      stem = $0; sub(/.*\//, "", stem)
      if (sub(/\.(wav|flac|mp3|m4a|ogg|opus|aac|mp4|mkv|webm|WAV|FLAC)$/, "", stem) && !(stem in path)) path[stem] = $0
      next
    }
    {
      n = split($1, stems, "|")
      for (i = 1; i <= n && !(stems[i] in path); i++) continue
      if (i <= n) { $1 = path[stems[i]]; print } else { none[$1]; }
    }
    END {
      for (id in none) count++
      if (count) printf "%s: warning: %d recordings are not there and left out\n", tool, count >"/dev/stderr"
    }' "$work/files" -
}

# prompts [SUFFIX] <LABELS: each label and its prompt, the label with spaces for _ and the suffix.
prompts() { awk -v OFS='\t' -v suffix="${1-}" '{ text = $0; gsub(/_/, " ", text); print $0, text suffix }'; }

# Every recording of clips.tsv must be there.
require_clips() {
  local path
  while IFS= read -r path; do
    [[ -e $path ]] || missing "$path"
  done < <(cut -f 1 "$work/clips.tsv" | uniq)
}

# keep_present: recordings of clips.tsv that are not there are left out and counted.
keep_present() {
  local path absent=0
  : >"$work/absent"
  while IFS= read -r path; do
    [[ -e $path ]] || printf '%s\n' "$path" >>"$work/absent"
  done < <(cut -f 1 "$work/clips.tsv" | uniq)
  absent=$(wc -l <"$work/absent")
  [[ $absent -gt 0 ]] || return 0
  awk -F'\t' 'NR == FNR { absent[$0]; next } !($1 in absent)' "$work/absent" "$work/clips.tsv" >"$work/kept"
  mv "$work/kept" "$work/clips.tsv"
  [[ -s $work/clips.tsv ]] || missing "$(head -n 1 "$work/absent")"
  say "warning: $absent recordings are not there and left out"
}

# embed_clips SHORT [OPTION]...: the recordings of clips.tsv, one row each -> audio.h5, rows.tsv (path, end in s).
# What could not be read is taken out of clips.tsv.
embed_clips() {
  local short=$1 code=0
  shift
  [[ -s $work/clips.tsv ]] || missing "$data: recordings"
  cut -f 1 "$work/clips.tsv" | awk '!seen[$0]++' >"$work/names"
  clap-embed - --pool "${option[--pool]}" --short "$short" "$@" "${clap[@]}" --force -o "$work/audio.h5" \
    <"$work/names" || code=$?
  [[ $code -le 1 ]] || exit "$code"
  clap-index build --force -o "$work/rows.clapindex" "$work/audio.h5"
  clap-index export --force "$work/rows.clapindex" --tsv "$work/index.tsv"
  awk -F'\t' -v OFS='\t' 'NR > 1 { gsub(/\\\\/, "\\"); print $1, $3 }' "$work/index.tsv" >"$work/rows.tsv"
  keep_embedded clips.tsv
  say "$(wc -l <"$work/rows.tsv") of $(wc -l <"$work/names") recordings"
}

# The same with frames, as they are wanted for events.
embed_frames() {
  [[ ${option[--pool]} == first ]] || die 64 "--pool: frames are those of the first 10 s"
  embed_clips repeat --frames
}

# keep_embedded FILE: rows of a table in $work whose recording was embedded.
keep_embedded() {
  awk -F'\t' 'NR == FNR { there[$1]; next } $1 in there' "$work/rows.tsv" "$work/$1" >"$work/kept"
  mv "$work/kept" "$work/$1"
}

# classify [OPTION]...: audio.h5 and labels.tsv -> scores.h5
classify() {
  clap-classify "$work/audio.h5" --labels "$work/labels.tsv" --scores "$work/scores.h5" --force \
    "$@" "${clap[@]}" >/dev/null
}

# evaluate TASK [OPTION]...: -> the JSON file. A missed gate is the exit code at the end.
missed=0
evaluate() {
  local code=0 word passed=()
  for word in --ci --seed --junit --baseline --plot --report; do
    [[ -z ${option[$word]} ]] || passed+=("$word" "${option[$word]}")
  done
  clap-eval "$@" --json "${gates[@]}" "${passed[@]}" --max-missing "${option[--max-missing]}" "${force[@]}" -o "$output" ||
    code=$?
  [[ $code -le 1 ]] || exit "$code"
  [[ $code -eq 0 ]] || missed=1
}

# results FILE [METRIC PUBLISHED]...: our numbers beside the published ones, both in clap-eval's units and ours with the
# digits of its tables.
results() {
  local file=$1
  shift
  printf 'metric\tours\tpublished\n'
  json "$file" >"$work/metrics"
  while [[ $# -gt 0 ]]; do
    awk -F'\t' -v OFS='\t' -v metric="$1" -v published="$2" '
      $1 == metric { print metric, ($2 ~ /^-?[0-9]/ ? sprintf("%.6g", $2) : $2), published; found = 1; exit }
      END { exit !found }' "$work/metrics" || die 70 "$file: has no $1"
    shift 2
  done
}

# Detection by the official protocol of AudioSet-Strong, from clips.tsv and events.tsv (path, onset, offset, label).
detect() {
  embed_frames
  keep_embedded events.tsv
  awk -F'\t' -v tool="$name" '
    $3 > $2 { print; next }
    { count++ }
    END { if (count) printf "%s: warning: %d events of no length are left out\n", tool, count >"/dev/stderr" }' \
    "$work/events.tsv" >"$work/kept"
  mv "$work/kept" "$work/events.tsv"
  cut -f 4 "$work/events.tsv" | sort -u | prompts |
    awk -F'\t' -v OFS='\t' '{ print $1, tolower($2) }' >"$work/labels.tsv"
  {
    printf 'filename\tonset\toffset\tevent_label\n'
    awk -F'\t' 'NR == FNR { print; has[$1]; next } !($1 in has) { has[$1]; print $1 }' \
      "$work/events.tsv" "$work/clips.tsv"
  } >"$work/truth.tsv"
  { printf 'filename\tduration\n'; cat "$work/rows.tsv"; } >"$work/durations.tsv"
  classify --events --whole-window --threshold 1
  evaluate detection --scores "$work/scores.h5" --truth "$work/truth.tsv" --durations "$work/durations.tsv" \
    --median 3 --drop-clips-without-events --merge-overlapping "$@"
}

# Retrieval both ways, from clips.tsv (path, caption).
retrieve() {
  embed_clips zero
  cut -f 2 "$work/clips.tsv" >"$work/captions.txt"
  clap-embed --text --clean-captions "$work/captions.txt" "${clap[@]}" --force -o "$work/text.h5"
  awk -F'\t' -v OFS='\t' 'BEGIN { print "caption_index", "audio_id", "caption" } { print NR - 1, $1, $2 }' \
    "$work/clips.tsv" >"$work/truth.tsv"
  local uneven=()
  if [[ $(cut -f 1 "$work/clips.tsv" | sort | uniq -c | awk '{ print $1 }' | sort -u | wc -l) -gt 1 ]]; then
    say "warning: not as many captions for each recording; the official numbers have five"
    uneven=(--uneven-captions)
  fi
  evaluate retrieval --audio "$work/audio.h5" --text "$work/text.h5" --truth "$work/truth.tsv" "${uneven[@]}"
}
