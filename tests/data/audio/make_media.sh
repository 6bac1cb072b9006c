#!/bin/sh
# Makes the encoded files beside this script with the ffmpeg program (5.1): 0.3 s of a tone.
# Rerun only to add one: encoders change, and the tests' lengths hold for these files.
set -eu
cd "$(dirname "$0")"
tone='sine=frequency=440:sample_rate=44100:duration=0.3'
encode() {  # OUTPUT ARGUMENT...
  output=$1
  shift
  ffmpeg -v error -y "$@" -map_metadata -1 -fflags +bitexact -flags +bitexact "$output"
}

encode tone.wav -f lavfi -i "$tone" -c:a pcm_s16le
encode tone.flac -i tone.wav -c:a flac
encode tone.ogg -i tone.wav -c:a libvorbis -b:a 64k
encode tone.opus -i tone.wav -c:a libopus -b:a 32k
encode tone.webm -i tone.wav -c:a libopus -b:a 32k
encode tone.mp3 -i tone.wav -c:a libmp3lame -b:a 64k
encode bare.mp3 -i tone.wav -c:a libmp3lame -b:a 64k -write_xing 0 -id3v2_version 0
encode tone.m4a -i tone.wav -c:a aac -b:a 64k
encode tone.aiff -i tone.wav -c:a pcm_s16be
encode short.caf -i tone.wav -ar 8000 -t 0.1
encode short.w64 -i tone.wav -ar 8000 -t 0.1
encode short.avi -f lavfi -i 'testsrc=size=32x32:rate=10:duration=0.1' -i tone.wav -ar 8000 -t 0.1 -c:v mpeg4 -c:a pcm_s16le
encode video.mp4 -f lavfi -i 'testsrc=size=32x32:rate=10:duration=0.3' -i tone.wav -c:v mpeg4 -c:a aac -b:a 64k
encode silent.mp4 -f lavfi -i 'testsrc=size=32x32:rate=10:duration=0.3' -c:v mpeg4
encode picture.png -f lavfi -i 'testsrc=size=32x32:rate=10:duration=0.1' -frames:v 1

encode tone.mp2 -i tone.wav -c:a mp2 -b:a 64k
encode tone.oga -i tone.wav -ar 8000 -c:a flac
encode tone.spx -i tone.wav -ar 8000 -c:a libspeex

# As a browser's MediaRecorder writes it, and ffmpeg to a pipe: segment and clusters of unknown size.
encode - -i tone.wav -c:a libopus -b:a 32k -f webm | cat > live.webm
encode - -i tone.wav -ar 8000 -c:a flac -f matroska | cat > live.mka

# A picture from 0 s on, a low tone (eng) from 0.5 s on, a high one (deu) from 0.2 s on; and the same as MP4 with the
# low tone alone, whose place is in an edit list.
picture='testsrc=size=32x32:rate=10:duration=1'
low='sine=frequency=440:sample_rate=8000:duration=0.3'
high='sine=frequency=880:sample_rate=8000:duration=0.4'
encode clock.mkv -f lavfi -i "$picture" -itsoffset 0.5 -f lavfi -i "$low" -itsoffset 0.2 -f lavfi -i "$high" \
  -map 0 -map 1 -map 2 -c:v mpeg4 -c:a flac -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu
encode clock.mp4 -f lavfi -i "$picture" -itsoffset 0.5 -i tone.wav -c:v mpeg4 -c:a aac -b:a 64k

# A recording that was halted: nothing between 0.512 s and 1.024 s.
encode gap.mka -f lavfi -i 'sine=frequency=440:sample_rate=8000:duration=1.4' -af "aselect='not(between(t,0.4,0.999))'" -c:a pcm_s16le

# Chained Ogg: a second stream at another rate behind the first.
encode second.ogg -i tone.wav -ar 22050 -c:a libvorbis
cat tone.ogg second.ogg > chained.ogg
rm second.ogg
