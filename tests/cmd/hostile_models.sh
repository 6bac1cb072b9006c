#!/usr/bin/env bash
# usage: hostile_models.sh BIN SOURCE [SHARED]
# Damaged and malicious variants of each kind of checkpoint and of its vocabulary: one line each, nothing executed.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
data=$source_dir/tests/data/families
crow=$clips/misc_crow.flac
for name in laion-unfused-tiny.pt msclap-tiny.pth wavcaps-tiny.pt; do xz -dc "$data/$name.xz" >"$name"; done
clap-model convert -q "$data/hf-unfused-tiny" -o hf-tiny.pt

# Of each checkpoint, its variants: KIND/VARIANT/FILE.
python3 - laion-unfused-tiny.pt msclap-tiny.pth wavcaps-tiny.pt hf-tiny.pt <<'PY'
import io, os, sys, zipfile

def call(module, function, argument):  # protocol 2
    return b'\x80\x02c' + module + b'\n' + function + b'\nX' + len(argument).to_bytes(4, 'little') + argument + b'\x85R.'

def in_state(inner):  # as the value of "state_dict"
    return b'\x80\x02}X\n\x00\x00\x00state_dict' + inner[2:-1] + b's.'

run = b'touch executed'
stack_global = b'\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c' + bytes([len(run)]) + run + b'\x85R.'
pickles = {
    'system': call(b'os', b'system', run),
    'system-in-state': in_state(call(b'posix', b'system', run)),
    'system-4': stack_global,
    'eval': call(b'builtins', b'eval', b'open("executed", "w")'),
    'exec-in-state': in_state(call(b'builtins', b'exec', b'open("executed", "w")')),
    'getattr': b'\x80\x02cbuiltins\ngetattr\ncos\n__dict__\nX\x06\x00\x00\x00system\x86R.',
    'runpy': call(b'runpy', b'_run_code', b'open("executed", "w")'),
    'empty': b'',
    'stop': b'.',
    'text': b'no pickle',
    'deep': b'\x80\x02' + b']' * 3_000_000 + b'a' * 2_999_999 + b'.',
    'wide': b'\x80\x02' + b'\x8b\xff\xff\xff\x7f',  # LONG4 of 2 GiB
    'memo': b'\x80\x02}r\xff\xff\xff\xffh\x00.',
}

def rewritten(path, change):
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, 'w') as new:
        for item in old.infolist():
            for name, body in change(item.filename, old.read(item)):
                new.writestr(name, body)
    return out.getvalue()

for path in sys.argv[1:]:
    whole = open(path, 'rb').read()
    with zipfile.ZipFile(path) as archive:
        largest = max(archive.infolist(), key=lambda item: item.file_size)
        at = whole.index(archive.read(largest)) + largest.file_size // 2
    big = largest.filename
    variants = {f'cut-{share}': whole[:len(whole) * share // 100] for share in (1, 50, 99)}
    variants['cut-by-1'] = whole[:-1]
    variants['flipped'] = whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1:]
    for name, pickle in pickles.items():
        variants[name] = rewritten(path, lambda n, b: [(n, pickle if n.endswith('data.pkl') else b)])
    variants['no-pickle'] = rewritten(path, lambda n, b: [] if n.endswith('data.pkl') else [(n, b)])
    variants['no-storage'] = rewritten(path, lambda n, b: [] if n == big else [(n, b)])
    variants['short-storage'] = rewritten(path, lambda n, b: [(n, b[:len(b) // 2] if n == big else b)])
    variants['nan'] = rewritten(path, lambda n, b: [(n, b'\xff' * len(b) if n == big else b)])
    for name, content in variants.items():
        folder = f'{path.split("-")[0]}/{name}'
        os.makedirs(folder)
        open(f'{folder}/{path}', 'wb').write(content)
PY

# hostile NAME MODEL ARGUMENT...: refused in one line by what opens it, soon, without a trace.
hostile() {
  local name=$1
  shift
  run timeout 20 clap-embed "$crow" -o x.h5 --model "$@"
  expect "$name: refused" test "$code" = 65 -o "$code" = 66
  expect "$name: one line" says_lines 1
  expect "$name: of at most 300 characters" test "$(wc -m <"$work/err")" -le 301
  expect "$name: no output" not test -e x.h5
  expect "$name: nothing executed" not test -e executed
  rm -f x.h5
}
# checkpoints KIND FILE ARGUMENT...: first the sound one is taken.
checkpoints() {
  local kind=$1 file=$2
  shift 2
  quietly clap-embed "$crow" -o "$kind.h5" --model "$file" "$@"
  for folder in "$kind"/*; do hostile "$folder" "$folder/$file" "$@"; done
}
text=$source_dir/tests/data/text
checkpoints laion laion-unfused-tiny.pt --model-config "$data/laion-unfused-tiny.json" --vocab "$data/hf-unfused-tiny/vocab.json"
checkpoints msclap msclap-tiny.pth --model-config "$data/msclap-tiny.json" --vocab "$text/bpe_small/merges.txt"
checkpoints wavcaps wavcaps-tiny.pt --model-config "$data/wavcaps-tiny.json" --vocab "$text/vocab_micro.txt"
for folder in hf/*; do
  cp -r "$data/hf-unfused-tiny" "$folder/model"
  rm "$folder/model/model.safetensors"
  mv "$folder/hf-tiny.pt" "$folder/model/pytorch_model.bin"
  hostile "$folder" "$folder/model"
done
expect 'variants of four kinds' equal "$(printf '%s\n' {laion,msclap,wavcaps,hf}/* | wc -l)" 88

# Vocabularies of a folder.
python3 - "$data/hf-unfused-tiny" <<'PY'
import json, os, shutil, sys
source = sys.argv[1]
vocab = json.load(open(source + '/vocab.json'))
merges = open(source + '/merges.txt').read()
tokens = list(vocab)
def with_id(value):
    return {'vocab.json': json.dumps({**vocab, tokens[-1]: value})}
variants = {
    'no-vocab': {'vocab.json': None},
    'no-merges': {'merges.txt': None},
    'cyclic': {'merges.txt': 'a b\nab a\nab a\n'},
    'merge-of-nothing': {'merges.txt': merges + 'zq xj\n'},
    'three-parts': {'merges.txt': merges + 'a b c\n'},
    'million-merges': {'merges.txt': 'a b\n' * 1_000_000},
    'one-long-merge': {'merges.txt': 'a' * 20_000_000 + ' b\n'},
    'same-id': with_id(5), 'negative-id': with_id(-1), 'id-beyond': with_id(10**18), 'id-half': with_id(1.5), 'id-text': with_id('7'),
    'no-object': {'vocab.json': '[]'}, 'cut-vocab': {'vocab.json': json.dumps(vocab)[:2000]},
    'deep-vocab': {'vocab.json': '{"a":' * 1_000_000}, 'not-utf-8': {'vocab.json': json.dumps(vocab).encode() + b'\xff'},
    'deep-config': {'config.json': '[' * 1_000_000}, 'empty-config': {'config.json': ''},
    'deep-tokenizer': {'vocab.json': None, 'merges.txt': None, 'tokenizer.json': '{"model":' * 1_000_000},
    'empty-tokenizer': {'vocab.json': None, 'merges.txt': None, 'tokenizer.json': '{}'},
    'front-end-of-nothing': {'preprocessor_config.json': '{"hop_length": 0}'},
    'endless-window': {'preprocessor_config.json': '{"max_length_s": 1e300}'},
    'huge-transform': {'preprocessor_config.json': '{"fft_window_size": 1073741824}'},
}
for name, files in variants.items():
    folder = 'vocabulary/' + name
    shutil.copytree(source, folder)
    if 'tokenizer.json' not in files and os.path.exists(folder + '/tokenizer.json'):
        os.remove(folder + '/tokenizer.json')
    for file, content in files.items():
        if content is None:
            os.remove(f'{folder}/{file}')
        else:
            open(f'{folder}/{file}', 'wb').write(content if isinstance(content, bytes) else content.encode())
PY
for folder in vocabulary/*; do hostile "$folder" "$folder"; done
finish
