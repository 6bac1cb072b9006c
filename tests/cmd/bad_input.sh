#!/usr/bin/env bash
# usage: bad_input.sh BIN SOURCE [SHARED]
# Recordings that cannot be embedded: each costs one line, one row of errors/ and exit code 1, and nothing else.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
media=$source_dir/tests/data/audio
long_flac=$clips/perc_bell.flac

: >empty.wav
head -c 100000 "$long_flac" >cut.flac
ogg_bytes=$(wc -c <"$media/tone.ogg")
head -c $((ogg_bytes / 2)) "$media/tone.ogg" >cut.ogg
head -c 20000 "$media/tone.wav" >cut.wav
echo 'this is no sound' >text.wav
mkdir folder
make_wav one.wav 1
make_wav nan.wav 32000 1 nan
make_wav many.wav 320 200
{ head -c 40000 "$long_flac"; head -c 3000 /dev/zero | tr '\0' '\377'; tail -c +43001 "$long_flac"; } >damaged.flac

good=("$clips"/{ambi_choir,misc_crow,vinyl_scratch}.flac)
quietly clap-embed "${good[@]}" -o good.h5

# name <tab> what its line must say
table='empty.wav	empty file
cut.flac	cut off
cut.ogg	cut off
cut.wav	cut off
text.wav	not audio
folder	is a directory
missing.wav	no such file
silent.mp4	no audio stream
picture.png	audio
nan.wav	NaN
many.wav	200 channels
damaged.flac	damaged'
cp "$media"/{silent.mp4,picture.png} .

while IFS=$'\t' read -r name reason; do
  printf '%s\n' "${good[0]}" "$name" "${good[1]}" "${good[2]}" >list
  input=list run clap-embed - -o bad.h5 --force
  expect "$name: exit code 1" exits 1
  expect "$name: named in one line" equal "$(grep -c "^clap-embed: error: $name: " "$work/err")" 1
  expect "$name: $reason" grep -qi "error: $name: .*$reason" "$work/err"
  expect "$name: and a summary" grep -qE '^clap-embed: embedded 3 of 4 clips, 1 failed, [0-9.e-]+ h of audio, [0-9.]+ x real time$' "$work/err"
  expect "$name: nothing more" says_lines 2
  expect "$name: the other rows are whole" equal "$(h5_check rows bad.h5)" "$(h5_check rows good.h5)"
  expect "$name: a row of errors/" equal "$(h5_check errors bad.h5 | cut -f1)" "$name"
  expect "$name: the same reason there" equal "$(h5_check errors bad.h5 | cut -f3)" \
    "$(sed -n "s/^clap-embed: error: $name: //p" "$work/err")"
  input=list run clap-embed - -o strict.h5 --strict
  expected=65
  [[ $name != missing.wav ]] || expected=66
  expect "$name --strict: exit code $expected" exits $expected
  expect "$name --strict: one line" says_lines 1
  expect "$name --strict: named" says "clap-embed: error: $name: "
  expect "$name --strict: no output" not test -e strict.h5
done <<<"$table"

# All at once, in any order of the workers.
cut -f1 <<<"$table" >names
{ cat names; printf '%s\n' "${good[@]}"; cat names; } >list
for options in '--threads 2 --batch 5' '--threads 1'; do
  # shellcheck disable=SC2086  # several words
  input=list run clap-embed - $options -o all.h5 --force
  expect 'all at once: exit code 1' exits 1
  expect 'all at once: errors in order' equal "$(h5_check errors all.h5 | cut -f1)" "$(cat names names)"
  expect 'all at once: rows' at_most "$(h5_check difference all.h5 good.h5)" 1e-6
done
input=names run clap-embed - -o nothing.h5
expect 'nothing but bad input: exit code 66' exits 66
expect 'nothing but bad input: said' says "none of $(wc -l <names) clips could be read: no output"
expect 'nothing but bad input: no output' not test -e nothing.h5 -o -e .nothing.h5.parts

# One sample is enough where it is filled up, not where it is stretched.
quietly clap-embed one.wav -o one.h5
quietly clap-embed one.wav --short repeat -o repeated.h5
expect 'one sample: unit norm' at_most "$(h5_check norms repeated.h5)" 1e-6
run clap-embed one.wav "${good[0]}" --short stretch -o stretched.h5
expect 'one sample, stretched: exit code 1' exits 1
expect 'one sample, stretched: the reason' says 'one.wav: 1 samples, the model takes 513'
expect 'one sample, stretched: its companion is there' equal "$(ids stretched.h5)" "${good[0]}"
run clap-embed one.wav "${good[0]}" --short stretch --batch 2 -o batch.h5
expect 'one sample in a batch: its companion is there' at_most "$(h5_check difference batch.h5 stretched.h5)" 1e-6
refuses 65 'one.wav: 1 samples' clap-embed one.wav --short stretch --strict -o none.h5

# A recording that breaks in its last window gives no rows.
run clap-embed damaged.flac "${good[0]}" --window 1 -o windows.h5
expect 'damaged in a late window: no rows of it' equal "$(ids windows.h5 | sort -u)" "${good[0]}"

# Names that nobody expects: bytes kept in the file, no raw control byte on standard error.
escape=$'esc\e[31m.wav' break=$'line\nbreak.wav' invalid=$'inv\xff\xfealid.wav'
cp "${good[1]}" ./-leading.flac
cp "${good[1]}" "good$invalid"
printf '%s\0' "$escape" "$break" "$invalid" "good$invalid" ./-leading.flac >list
input=list run clap-embed -0 - -o names.h5
expect 'strange names: exit code 1' exits 1
expect 'strange names: a line each and the summary' says_lines 4
expect 'strange names: no control byte' not grep -q $'[\x01-\x09\x0b-\x1f\x7f]' "$work/err"
expect 'strange names: valid UTF-8' iconv -f UTF-8 -t UTF-8 "$work/err" -o /dev/null
expect 'strange names: escaped' says 'esc\x1b[31m.wav'
expect 'strange names: escaped' says 'line\nbreak.wav'
expect 'strange names: escaped' says 'inv\xff\xfealid.wav'
expect 'bytes are kept in id' grep -qaF "good$invalid" names.h5
expect 'bytes are kept in errors/' grep -qaF "$escape" names.h5
expect 'ids' equal "$(ids names.h5)" $'goodinv\\xff\\xfealid.wav\n./-leading.flac'
quietly clap-embed -o dash.h5 -- -leading.flac
expect 'after --' equal "$(ids dash.h5)" -leading.flac
finish
