#!/usr/bin/env bash
# usage: embed_corpus.sh BIN SOURCE [SHARED]
# A corpus of FILES recordings, a twentieth of them broken in twelve ways, and one with hostile names: every good one is there,
# what failed is what was planted, and no raw control byte is in any output. NAMES sets how many names.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
files=${FILES:-120} names=${NAMES:-60}
seed_random 20
make_wav good.wav 4000
make_wav nan.wav 4000 1 nan
make_wav none.wav 0
printf 'RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\0\0\x80\xbb\0\0\0\x77\x01\0\0\0\x10\0data\0\0\0\0' >channels.wav
mkdir in folder.wav
ways=12
count=$((files / 20 > ways ? files / 20 : ways))

# Root may read what nobody may: then somebody else embeds, where that can be had.
as=() ways_here=$ways
if [[ $(id -u) -eq 0 ]]; then
  chmod 755 "$work"
  chmod -R a+rX .
  chmod 777 .
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  if ! "${as[@]}" "$bin/clap-embed" good.wav --model tiny -q -o probe.h5 &>/dev/null; then
    echo 'nobody to run it as: all but the recordings without permission'
    as=() ways_here=11
  fi
fi

# plant WAY NAME
plant() {
  rm -f "$2"
  case $1 in
    0) : >"$2" ;;
    1) head -c 9000 good.wav >"$2" ;;
    2) echo 'this is no sound' >"$2" ;;
    3) cp "$source_dir/tests/data/audio/picture.png" "$2" ;;
    4) cp nan.wav "$2" ;;
    5) cp none.wav "$2" ;;
    6) cp channels.wav "$2" ;;
    7) mkdir "$2" ;;
    8) mkfifo "$2" ;;
    9) ;;  # vanished
    10) ln -s "${2##*/}" "$2" ;;
    11) cp good.wav "$2" && chmod 0 "$2" ;;
  esac
}
for ((i = 0; i < files; ++i)); do
  name=in/$(printf %06d $i).wav
  ln good.wav "$name"
  echo "$name"
done >list
shuf --random-source=<(yes) -n $count list | sort >broken
way=0
while IFS= read -r name; do
  plant $((way++ % ways_here)) "$name"
done <broken
grep -vxFf broken list >sound

input=list run "${as[@]}" clap-embed - --window 1 --report report --threads 2 -o out.h5
expect 'the run ends' exits 1
expect 'every good one is there' equal "$(ids out.h5)" "$(cat sound)"
expect 'what failed is what was planted' equal "$(h5_check errors out.h5 | cut -f1)" "$(cat broken)"
expect 'the report says the same' equal "$(grep '"status":"failed"' report | sed 's/^{"id":"\([^"]*\)".*/\1/')" "$(cat broken)"
expect 'a line each, and a summary' says_lines $((count + 1))
quietly clap-embed --verify out.h5
sed -n 's/^clap-embed: error: [^:]*: //p' "$work/err" | sort | uniq -c | sort -rn
run "${as[@]}" clap-embed in --window 1 --threads 2 -o folder.h5
expect 'as a folder: every good one' equal "$(ids folder.h5)" "$(cat sound)"
echo "$files recordings, $count broken in $ways_here ways"

# Hostile names: any byte but NUL and '/'.
mkdir hostile
byte() { printf '%03o' "$1"; }
for ((i = 0; i < names; ++i)); do
  name=
  for ((length = RANDOM % 20 + 1; length > 0; --length)); do
    value=$((RANDOM % 3 == 0 ? RANDOM % 31 + 1 : RANDOM % 3 == 0 ? RANDOM % 128 + 128 : RANDOM % 94 + 33))
    [[ $value -ne 47 ]] || value=27
    # shellcheck disable=SC2059  # the octal code is the format
    name+=$(printf "\\$(byte $value)x")
  done
  [[ $((i % 10)) -ne 0 ]] || name=$'\e]0;title\a\e[2J'$i
  [[ $((i % 10)) -ne 1 ]] || name=$'../\r\n\xc2\x9b31m\u202e'$i
  name=hostile/${name//\//_}$i.wav
  if [[ $((i % 4)) -eq 0 ]]; then echo text >"$name"; else ln -f good.wav "$name"; fi
done
raw() { LC_ALL=C grep -cP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$1"; }
made=$(find hostile -name '*.wav' -print0 | tr -dc '\0' | wc -c)
find hostile -name '*.wav' -print0 | sort -z >nul
input=nul run clap-embed -0 - -v --progress always --report names.report -o names.h5
expect 'names: the run ends' exits 1
sed -i 's/\r\x1b\[K/\n/g' "$work/err"  # what progress rewrites its line with
expect 'names: no control byte in the messages' equal "$(raw "$work/err")" 0
expect 'names: nor in the report' equal "$(raw names.report)" 0
expect 'names: the report is UTF-8' iconv -f UTF-8 -t UTF-8 names.report -o /dev/null
expect 'names: all of them' equal "$(($(ids names.h5 | wc -l) + $(h5_check errors names.h5 | wc -l)))" "$made"
h5_check rows names.h5 >rows.tsv
expect 'names: a line each' equal "$(wc -l <names.report)" $((made + 1))
if command -v clap-index >/dev/null && [[ -x $bin/clap-query ]]; then
  quietly clap-index build names.h5 -o names.clapindex
  for options in '' '--json'; do
    # shellcheck disable=SC2086  # none or one
    run clap-query names.clapindex 'a dog' -k "$made" $options
    expect "names: clap-query $options" exits 0
    expect "names: clap-query $options: no control byte" equal "$(raw "$work/out")" 0
  done
fi
if [[ -x $bin/clap-classify ]]; then
  printf 'dog\nrain\n' >labels
  run clap-classify names.h5 --labels labels
  expect 'names: clap-classify' exits 0
  expect 'names: clap-classify: no control byte' equal "$(raw "$work/out")" 0
fi
echo "$made hostile names"
finish
