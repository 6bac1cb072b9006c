#!/usr/bin/env bash
# usage: toy_family.sh TOY-BIN SOURCE BIN
# Programs that know a family which shares nothing with MGA-CLAP run on it from end to end.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../cmd/lib.sh"
plain_bin=$3
PATH=$PATH:$plain_bin  # for what tests read files with
mkdir toy
printf '{"model_type": "toy"}\n' >toy/config.json
echo '[PAD]' >toy/vocab.txt
python3 - <<'PY'
import json, random, struct
random.seed(1)
values = [random.gauss(0, 1) for _ in range(8 * 32 + 64 * 8)]
header = json.dumps({'bands': {'dtype': 'F32', 'shape': [8, 32], 'data_offsets': [0, 1024]},
                     'words': {'dtype': 'F32', 'shape': [64, 8], 'data_offsets': [1024, 3072]}})
header += ' ' * (-len(header) % 8)
with open('toy/model.safetensors', 'wb') as file:
    file.write(struct.pack('<Q', len(header)) + header.encode() + struct.pack('<768f', *values))
PY
export CLAP_MODEL=$PWD/toy

run clap-model info --no-header
expect 'what it is' grep -qx $'model_type\ttoy' "$work/out"
quietly clap-embed "$clips" -o a.h5
expect 'its rate' equal "$(attribute a.h5 sample_rate)" 44100
expect 'its window' equal "$(attribute a.h5 window_s)" 7
run clap-index build a.h5 -o a.clapindex
expect 'an index of it' exits 0
quietly clap-query a.clapindex 'a bell' -k 2
expect 'two hits' equal "$(wc -l <"$work/out")" 3
run clap-query a.clapindex -k 1 --audio "$clips/misc_crow.flac"
expect 'searched by sound: a recording finds itself' grep -q "1.000000.*misc_crow" "$work/out"
printf 'a dog\na bell\n' >labels.txt
run clap-classify "$clips/misc_crow.flac" --labels labels.txt --no-header
expect 'classified' exits 0
expect 'a row' test -s "$work/out"
refuses 64 'no frame embeddings' clap-embed "$clips" --frames -o f.h5
refuses 65 'no codebook' clap-embed "$clips" --pool codebook -o c.h5
refuses 65 'no codebook' clap-classify "$clips/misc_crow.flac" --labels labels.txt --explain
refuses 65 "model_type 'toy' is not known" "$plain_bin/clap-model" info
finish
