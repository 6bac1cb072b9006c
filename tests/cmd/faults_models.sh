#!/usr/bin/env bash
# usage: faults_models.sh BIN SOURCE [SHARED]
# Model files of strangers that claim more than they hold are refused at once, in one line, with little memory.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
unset CLAP_MODEL

# copy_without FILE: the tiny model in `m` without one of its files
copy_without() {
  rm -rf m
  cp -rl tiny m
  rm m/"$1"
}

# refused TEXT COMMAND...: as data, with no more memory than a sound model takes, in seconds
refused() {
  local text=$1
  shift
  refuses 65 "$text" bash -c 'ulimit -v 1200000 -t 20; exec "$@"' limited "$@"
  expect "$*: at most 300 characters" test "$(wc -c <"$work/err")" -le 300
}
copy_without known_answer.safetensors
expect 'a sound model fits into the memory' bash -c 'ulimit -v 1200000 -t 20; exec clap-model info m >/dev/null'

# header LENGTH: the eight bytes before a safetensors header
header() { printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x\\0\\0\\0\\0' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24)))"; }
# weights TEXT BYTES: a header of so many bytes that begins with TEXT and repeats its last part
weights() {
  local repeated=$2 bytes=60000000
  copy_without model.safetensors
  { header $bytes; { printf '%s' "$1"; yes "$repeated" | tr -d '\n'; } 2>/dev/null | head -c $bytes; } >m/model.safetensors || true
}
weights '' '['
refused 'the header is not a JSON object' clap-model info m
weights '' '{"a":'
refused "tensor 'a' needs dtype" clap-model info m
weights '{"a":{"shape":[1' ',1'
refused "tensor 'a' has a bad shape" clap-model info m
weights '{"' 'name'
refused 'model.safetensors: safetensors' clap-model info m

# config KEYS TEXT: a configuration of a stranger
config() {
  copy_without config.json
  printf '%s' "$1" >m/config.json
  refused "$2" clap-model info m
}
config "$(printf '{"audio":%060000d' 0 | tr 0 '[')" 'nests deeper than 64 levels'
config '{"text": {"hidden_size": 1000000000}}' 'text.hidden_size is 1000000000'
config '{"text": {"hidden_size": 1e3}}' "'text.hidden_size' must be a whole number from 0 to 2147483647, not 1000.0"
config '{"embed_dim": 2147483648}' 'not 2147483648'
config '{"embed_dim": 1048576, "codebook_size": 1048576}' 'more than 64 GiB'
config '{"text": {"num_hidden_layers": 1000000}}' 'text.num_hidden_layers is 1000000'
config '{"audio": {"window_s": 1e300}}' 'audio.window_s is 1e+300'
config '{"audio": {"patch_size": 0}}' 'audio.patch_size is 0'
config '{"audio": {"hop_length": -1}}' 'not -1'
config '{"embed_dim": 32, "embed_dim": 16}' "key 'embed_dim' occurs twice"
copy_without config.json
ln -s /dev/zero m/config.json
refused 'larger than 1 MiB' clap-model info m
rm m/config.json
mkfifo m/config.json
cat tiny/config.json >m/config.json &
quietly clap-model info m

# A checkpoint whose pickle repeats one opcode; the zip archive is made here.
pickle_of() {  # OPCODES
  python3 - "$1" <<'PY'
import sys, zipfile
with zipfile.ZipFile('hostile.pt', 'w') as z:
    z.writestr('a/data.pkl', b'\x80\x02' + eval("b'%s'" % sys.argv[1]) * 20000000)
PY
}
if python3 -c 'import zipfile'; then
  for opcodes in N '(' 'N\x94' ']a'; do
    pickle_of "$opcodes"
    refused 'hostile.pt: checkpoint: the pickle ' clap-model info hostile.pt
  done
fi

# A vocabulary of one endless line.
copy_without vocab.txt
ln -s /dev/zero m/vocab.txt
refuses 65 'line 1 is longer than 1000 bytes' clap-embed --text dog --model m -o none.h5
expect 'no output' test ! -e none.h5
finish
