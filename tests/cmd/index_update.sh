#!/usr/bin/env bash
# usage: index_update.sh BIN SOURCE [SHARED]
# An index of recordings, made in one step and kept up to date: clap-index build, update, add, remove, compact, info --health.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model

ids() { clap-index export "$1" --tsv - | tail -n +2 | cut -f 1 | paste -sd ' '; }
# says_only TEXT COMMAND...: exit 0, and TEXT in the last line on standard error, before which that of embedding may stand.
says_only() {
  run "${@:2}"
  expect "${*:2}: exit code" exits 0
  expect "${*:2}: no other line" equal "$(grep -vc ': embedded ' "$work/err")" 1
  expect "${*:2}: $1" says "$1"
}

mkdir A B
cp "$clips/misc_crow.flac" A/crow.flac
cp "$clips/drum_roll.flac" A/drum.flac
cp "$clips/perc_bell.flac" B/bell.flac

# In one step: the same rows as in two.
quietly clap-index build A B -o x.clapindex -q
expect 'build FOLDER' equal "$(ids x.clapindex)" 'A/crow.flac A/drum.flac B/bell.flac'
clap-embed A B -o ab.h5
quietly clap-index build ab.h5 -o two.clapindex
expect 'the same vectors as in two steps' cmp x.clapindex/vectors.faiss two.clapindex/vectors.faiss
quietly clap-index build A/crow.flac -o one.clapindex --window 1 --pool mean -q
expect 'options of recordings' equal "$(clap-index info one.clapindex --no-header | cut -f 1,7)" $'1\t1'
refuses 64 'has no effect on embedding files' clap-index build ab.h5 -o y.clapindex --window 1
refuses 64 'cannot be mixed' clap-index build ab.h5 A -o y.clapindex
refuses 73 'exists; use --force' clap-index build A -o x.clapindex
refuses 66 'nowhere' clap-index build nowhere.wav -o y.clapindex
mkdir empty
refuses 66 'no audio files in this folder' clap-index build empty -o y.clapindex
refuses 64 'INPUT is required' clap-index build -o y.clapindex
expect 'no output' test ! -e y.clapindex

# Nothing to do.
says_only 'x.clapindex: is up to date: 3 unchanged' clap-index update x.clapindex A B
before=$(stat -c %i x.clapindex/rows.h5)
run clap-index update x.clapindex A B -q
expect 'with -q not a word' says_nothing
expect 'the index is not written' equal "$(stat -c %i x.clapindex/rows.h5)" "$before"
says_only 'is up to date: 2 unchanged' clap-index update x.clapindex ./A
says_only 'is up to date: 2 unchanged' clap-index update x.clapindex/ "$PWD/A"
says_only '2 refreshed' clap-index update two.clapindex A  # of an embedding file: the time of its files is new
says_only 'is up to date: 2 unchanged' clap-index update two.clapindex A

# New, changed, moved, gone: first listed, then done.
cp "$clips/perc_bell.flac" A/bell.flac
cp "$clips/vinyl_scratch.flac" A/drum.flac
mv A/crow.flac A/rabe.flac
run clap-index update x.clapindex A --dry-run
expect 'dry run' exits 0
expect 'dry run: what would be done' grep -qx $'move\tA/rabe.flac\tA/crow.flac' "$work/out"
expect 'dry run: nothing done' equal "$(ids x.clapindex)" 'A/crow.flac A/drum.flac B/bell.flac'
run clap-index update x.clapindex A -n --json
expect 'dry run as JSON' grep -q '"action": "move", "id": "A/rabe.flac", "from": "A/crow.flac"' "$work/out"
run clap-index update x.clapindex A
expect 'update' exits 0
expect 'rows of A follow the others' equal "$(ids x.clapindex)" 'B/bell.flac A/bell.flac A/drum.flac A/rabe.flac'
clap-index build B A -o rebuilt.clapindex -q
for index in x rebuilt; do
  clap-query $index.clapindex --audio A/drum.flac --audio B/bell.flac >$index.hits
done
expect 'the same hits as of a new one' cmp x.hits rebuilt.hits

# A touched file is not embedded; another content of the same size and time is found by --checksum.
touch A/drum.flac
says_only '1 refreshed, 2 unchanged' clap-index update x.clapindex A
touch A/drum.flac
run clap-index update x.clapindex A --progress always
expect 'progress while contents are read' says 'read 1 files to compare their contents'
cp -p A/drum.flac keep.flac
printf 'x' | dd of=A/drum.flac bs=1 seek=200 conv=notrunc status=none
touch -r keep.flac A/drum.flac
says_only 'up to date' clap-index update x.clapindex A
run clap-index update x.clapindex A --checksum -n
expect 'checksum' grep -q $'^change\tA/drum.flac' "$work/out"
mv keep.flac A/drum.flac

# What cannot be embedded keeps its rows, and is not tried again.
echo text >A/broken.wav
run clap-index update x.clapindex A
expect 'a failure: exit 1' exits 1
expect 'a failure: named' says 'A/broken.wav: '
expect 'a failure: counted' says '1 failed'
run clap-index update x.clapindex A
expect 'a known failure' says 'is up to date: 1 failed, 3 unchanged'
expect 'a known failure: exit 1' exits 1
echo 'no sound any more' >A/drum.flac
run clap-index update x.clapindex A
expect 'the old rows stay' equal "$(ids x.clapindex)" 'B/bell.flac A/bell.flac A/drum.flac A/rabe.flac'
run clap-index info x.clapindex --health --json
expect 'health: stale' grep -q '"files": 4, "rows": 4, "files_gone": 0, "rows_gone": 0, "files_stale": 1, "rows_stale": 1, "files_unknown": 0, "files_failed": 2' "$work/out"
rm A/broken.wav
cp "$clips/drum_roll.flac" A/drum.flac
run clap-index update x.clapindex A
expect 'mended' exits 0

# Only what is given is looked at; a folder that is empty may not be mounted.
mv B C
says_only 'is up to date: 3 unchanged' clap-index update x.clapindex A
refuses 66 'is it mounted? --allow-empty' clap-index update x.clapindex B
mkdir B
refuses 66 'is it mounted? --allow-empty' clap-index update x.clapindex A B
run clap-index info x.clapindex --health --no-header
expect 'health: gone' equal "$(cut -f 3,4 "$work/out")" $'1\t1'
says_only '1 removed, 3 unchanged' clap-index update x.clapindex A B --allow-empty
says_only '1 copied, 3 unchanged' clap-index update x.clapindex A C
printf '%s\n' A/bell.flac C/bell.flac gone.flac >list.txt
run clap-index update x.clapindex list.txt
expect 'a list' says '1 failed, 2 unchanged'
expect 'a list: what was never there' says 'gone.flac: No such file'
says_only '2 removed, 2 unchanged' clap-index update x.clapindex --mirror A/bell.flac C/bell.flac
run bash -c "printf '%s\0' A/*.flac | clap-index update x.clapindex - -0"
expect 'names on standard input' equal "$(ids x.clapindex)" 'C/bell.flac A/bell.flac A/drum.flac A/rabe.flac'
run bash -c "printf '%s\n' A/*.flac | clap-index update x.clapindex --files-from - -q"
expect 'and from a list' exits 0

# Names as they come.
odd=$'A/tab\tline\nbreak \xff[1].flac'
cp C/bell.flac "$odd"
run clap-index update x.clapindex A
expect 'odd names' exits 0
run clap-index remove x.clapindex "$odd"
expect 'an id that looks like a pattern' says 'removed 1 row of 1 recording'
rm "$odd"

# remove and add: the same twice is the same as once.
says_only 'removed 1 row of 1 recording' clap-index remove x.clapindex A/drum.flac
run clap-index remove x.clapindex A/drum.flac
expect 'removed twice' exits 0
expect 'removed twice: said' says "has no rows of 'A/drum.flac'"
says_only 'removed 2 rows of 2 recordings' clap-index remove x.clapindex 'A/*'
run bash -c 'echo C/bell.flac | clap-index remove x.clapindex -'
expect 'remove: standard input' equal "$(ids x.clapindex)" ''
says_only '3 added' clap-index update x.clapindex A
refuses 66 'no such index' clap-index remove nowhere.clapindex a
clap-embed A/drum.flac -o drum.h5 --force
refuses 65 "row 'A/drum.flac' is in the index, too; --replace takes the new ones" clap-index add x.clapindex drum.h5
quietly clap-index add x.clapindex drum.h5 --replace
expect 'add --replace' equal "$(ids x.clapindex)" 'A/bell.flac A/rabe.flac A/drum.flac'
says_only 'nothing to drop' clap-index compact x.clapindex

# Another model, texts, streams.
clap-model synth -o other --config "$source_dir/examples/demo-model.json" --salt other --gain 64
cp "$clips/misc_crow.flac" A/new.flac
before=$(ids x.clapindex)
printf x >>A/new.flac
refuses 65 'was made with model' clap-index update x.clapindex A --model other
expect 'another model: untouched' equal "$(ids x.clapindex)" "$before"
clap-embed --text 'a dog' -o texts.h5
clap-index build texts.h5 -o texts.clapindex
refuses 65 'is an index of texts' clap-index update texts.clapindex A
tar czf s.tar.gz A
refuses 64 'unpack it, or index what clap-embed makes of it' clap-index update x.clapindex s.tar.gz
refuses 66 'no such index' clap-index update nowhere.clapindex A
refuses 64 'INPUT is required' clap-index update x.clapindex
tar cf s.tar A
says_only 'copied' clap-index update x.clapindex s.tar

# Graphs and lists.
for factory in HNSW8 IVF2,Flat SQ8; do
  quietly clap-index build A -o g.clapindex --factory $factory --force -q
  mv A/rabe.flac A/crow.flac
  rm A/new.flac
  run clap-index update g.clapindex A
  expect "$factory: update" exits 0
  expect "$factory: rows" equal "$(ids g.clapindex | tr ' ' '\n' | sort | paste -sd ' ')" 'A/bell.flac A/crow.flac A/drum.flac'
  [[ $factory != HNSW8 ]] || expect "$factory: says what it costs" says 'building its graph again through 3'
  expect "$factory: its vectors" equal \
    "$(clap-query g.clapindex --audio A/crow.flac -k 1 --no-header | cut -f 4)" A/crow.flac
  mv A/crow.flac A/rabe.flac
  cp "$clips/misc_crow.flac" A/new.flac
done
expect 'nothing is left beside' equal "$(find . -name '.?*')" ''
finish
