#!/usr/bin/env bash
# usage: embed_audio.sh BIN SOURCE [SHARED]
# What clap-embed makes of recordings: protocols, windows, pooling, frames, precision, and how inputs are named.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
golden=$source_dir/tests/data/model/cc0_tiny.h5

# The three protocols, against the official code's outputs.
for mode in zero repeat stretch; do
  quietly clap-embed "$clips" --short $mode -o $mode.h5
  expect "$mode: as the official code" at_most "$(h5_check golden $mode.h5 "$golden" $mode audio_embed)" 1e-5
  expect "$mode: is in the file" equal "$(attribute $mode.h5 short_audio)" $mode
done
quietly clap-embed "$clips" -o default.h5
expect 'zero is the default' equal "$(h5_check rows default.h5)" "$(h5_check rows zero.h5)"
for name in kind=audio dim=32 rows=6 model_name=demo sample_rate=32000 window_s=10 hop_s=10 precision=fp32 dtype=f32; do
  expect "attribute $name" equal "$(attribute zero.h5 "${name%=*}")" "${name#*=}"
done
expect 'the digest of the weights' equal "$(attribute zero.h5 model_sha256)" "$(sha256sum <tiny/model.safetensors | cut -d' ' -f1)"
expect 'the command as typed' equal "$(attribute zero.h5 command)" "clap-embed $clips --short zero -o zero.h5"
expect 'unit norm' at_most "$(h5_check norms zero.h5)" 1e-6
if [[ -f $shared/goldens/tiny_audio.h5 ]]; then
  for mode in zero:cls repeat:sed; do
    quietly clap-embed "$shared"/goldens/audio/{long37,rooster,silence,one}.wav --short ${mode%:*} --pool first --frames -o first.h5 --force
    difference=$(h5_check golden first.h5 "$shared/goldens/tiny_audio.h5" ${mode#*:} 33_audio_embed 34_frame_embeds_normalised)
    expect "${mode%:*}, a long file, silence, one sample: as the official code" at_most "$difference" 2e-5
  done
else
  echo "no goldens beside the checkout: long file, silence and frames are not compared with the official code's"
fi

# Frames and half precision.
quietly clap-embed "$clips" --frames -o frames.h5
expect 'frames change no clip' equal "$(h5_check rows frames.h5 | cut -f1-3)" "$(h5_check rows zero.h5 | cut -f1-3)"
expect '32 frames a row' equal "$(h5_check rows frames.h5 | cut -f4 | sort -u)" 32
expect 'frames have unit norm' at_most "$(h5_check norms frames.h5)" 1e-6
expect 'frame hop' equal "$(attribute frames.h5 frame_hop_s)" 0.3125
expect 'clips beside frames: as the official code' at_most "$(h5_check golden frames.h5 "$golden" zero audio_embed)" 1e-5
quietly clap-embed "$clips" --dtype f16 -o half.h5
expect 'f16 is in the file' equal "$(attribute half.h5 dtype)" f16
expect 'f16 is near f32' at_most "$(h5_check difference half.h5 zero.h5)" 5e-4
expect 'and not f32' not equal "$(h5_check difference half.h5 zero.h5)" 0

# A recording of 37 s.
make_wav long.wav 1184000
quietly clap-embed long.wav -o long.h5
expect 'windows of 10 s and the rest' equal "$(h5_check rows long.h5 | cut -f2,3 | tr '\t\n' '- ')" '0-10 10-20 20-30 30-37 '
quietly clap-embed long.wav --window 5 --hop 2.5 -o hop.h5
expect 'windows that overlap' equal "$(h5_check rows hop.h5 | cut -f2,3 | tail -2 | tr '\t\n' '- ')" '30-35 32.5-37 '
expect 'as many as fit' equal "$(attribute hop.h5 rows)" 14
expect 'window and hop are in the file' equal "$(attribute hop.h5 window_s) $(attribute hop.h5 hop_s)" '5 2.5'
quietly clap-embed long.wav --min-tail 8 -o tail.h5
expect 'a short rest is dropped' equal "$(h5_check rows tail.h5)" "$(h5_check rows long.h5 | head -3)"
quietly clap-embed "$clips/misc_crow.flac" --min-tail 8 -o alone.h5
expect 'unless it is all' equal "$(attribute alone.h5 rows)" 1

# One row a recording.
for mode in codebook mean first; do
  quietly clap-embed long.wav "$clips" --pool $mode -o pooled.h5 --force
  expect "$mode: one row a recording" equal "$(attribute pooled.h5 rows)" 7
  expect "$mode: unit norm" at_most "$(h5_check norms pooled.h5)" 1e-6
  quietly clap-embed "$clips" --pool $mode -o pooled.h5 --force
  expect "$mode: nothing to pool, nothing changes" at_most "$(h5_check difference pooled.h5 zero.h5)" 1e-6
done
quietly clap-embed long.wav --pool first -o first_long.h5
expect 'first: the first window' equal "$(h5_check rows first_long.h5 | cut -f5)" "$(h5_check rows long.h5 | head -1 | cut -f5)"
quietly clap-embed long.wav --pool mean -o mean.h5
expect 'mean: the mean of the windows' at_most "$(h5_check mean long.h5 mean.h5)" 1e-6
expect 'mean: from beginning to end' equal "$(h5_check rows mean.h5 | cut -f2,3)" $'0\t37'

# How inputs are named and found.
mkdir -p found/b found/a.d
cp "$clips/misc_crow.flac" found/b/1.FLAC
cp "$clips/misc_crow.flac" found/a.d/2.flac
cp "$clips/misc_crow.flac" found/Z.flac
echo text >found/notes.txt
quietly clap-embed found -o found.h5
expect 'folders: recursive, in byte order' equal "$(ids found.h5)" $'found/Z.flac\nfound/a.d/2.flac\nfound/b/1.FLAC'
cp "$clips/misc_crow.flac" $'line\nbreak.flac'
printf '%s\n' found/Z.flac "$clips/misc_crow.flac" >list
input=list quietly clap-embed - -o listed.h5
expect 'names on standard input' equal "$(ids listed.h5)" $'found/Z.flac\n'"$clips/misc_crow.flac"
printf '%s\0' $'line\nbreak.flac' found/Z.flac >list0
input=list0 quietly clap-embed -0 - -o listed0.h5
expect 'names that end with NUL' equal "$(ids listed0.h5)" $'line\\nbreak.flac\nfound/Z.flac'
invalid=$'inv\xff.flac'
cp "$clips/misc_crow.flac" "$invalid"
printf '%s\0' "$invalid" found/Z.flac >list0
quietly clap-embed --files-from list --files0-from list0 -o from.h5
expect 'names in files' equal "$(ids from.h5)" $'found/Z.flac\n'"$clips"$'/misc_crow.flac\ninv\\xff.flac\nfound/Z.flac'
expect 'bytes are kept' grep -qaF "$invalid" from.h5
input=list quietly clap-embed --files-from - -o from.h5 --force
expect 'names on standard input' equal "$(ids from.h5)" "$(ids listed.h5)"
refuses 66 'no recordings given' clap-embed --files-from /dev/null -o none.h5
refuses 66 no-list clap-embed --files-from no-list -o none.h5
for file in "$source_dir"/tests/data/audio/tone.{aiff,flac,m4a,mp3,ogg,opus,wav,webm} "$source_dir"/tests/data/audio/video.mp4; do
  quietly clap-embed "$file" -o tone.h5 --force
done

# Wrong usage, before any work.
refuses 64 '--output is required' clap-embed "$clips"
refuses 64 'INPUT is required' clap-embed -o none.h5
refuses 64 --window clap-embed "$clips" -o none.h5 --window 11
refuses 64 --window clap-embed "$clips" -o none.h5 --window 0.01
refuses 64 --hop clap-embed "$clips" -o none.h5 --hop -1
refuses 64 loop clap-embed "$clips" -o none.h5 --short loop
refuses 64 --pool clap-embed "$clips" -o none.h5 --pool max
refuses 64 --batch clap-embed "$clips" -o none.h5 --batch none
refuses 64 --dtype clap-embed "$clips" -o none.h5 --dtype f64
refuses 64 --frames clap-embed "$clips" -o none.h5 --frames --pool mean
refuses 64 --no-such-option clap-embed "$clips" -o none.h5 --no-such-option
refuses 66 no-model clap-embed "$clips" -o none.h5 --model no-model
mkdir empty
refuses 66 empty clap-embed empty -o none.h5
expect 'no file from a refused run' not test -e none.h5
finish
