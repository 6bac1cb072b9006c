#!/usr/bin/env bash
# usage: faults_shards.sh BIN SOURCE [SHARED]
# Tar shards: no member is lost in silence; keys with dots keep what belongs to them.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
mkdir c
for i in 1 2 3; do make_wav c/$i.wav $((i * 4000)); echo "{\"caption\":\"cap $i\"}" >c/$i.json; done
meta() { h5_check meta "$1" caption; }
clap-embed c/1.wav c/2.wav c/3.wav -o plain.h5
same_vectors() { [[ $(h5_check rows "$1" | cut -f5) == "$(h5_check rows "$2" | cut -f5)" ]]; }

# Digital silence becomes holes.
make_wav whole.wav 150000
head -c 100 whole.wav >c/silent.wav
truncate -s "$(stat -c %s whole.wav)" c/silent.wav
clap-embed c/silent.wav -o silent.h5
for format in gnu posix; do
  tar --format=$format -S -cf sparse.tar -C c 1.wav silent.wav 3.wav
  quietly clap-embed sparse.tar -o sparse.h5 --force
  expect "$format, sparse: all members" equal "$(ids sparse.h5)" $'sparse.tar/1.wav\nsparse.tar/silent.wav\nsparse.tar/3.wav'
  expect "$format, sparse: holes are silence" equal "$(h5_check rows sparse.h5 | sed -n 2p | cut -f5)" "$(h5_check rows silent.h5 | cut -f5)"
done

# A second archive behind the first.
tar -cf a.tar -C c 1.wav 1.json
tar -cf b.tar -C c 2.wav 2.json 3.wav 3.json
cat a.tar b.tar >cat.tar
quietly clap-embed cat.tar -o cat.h5
expect 'a second archive: ids' equal "$(ids cat.h5)" $'cat.tar/1.wav\ncat.tar/2.wav\ncat.tar/3.wav'
expect 'a second archive: captions' equal "$(meta cat.h5)" $'cap 1\ncap 2\ncap 3'
expect 'a second archive: the same vectors' same_vectors cat.h5 plain.h5
cat a.tar a.tar >doubled.tar
run clap-embed doubled.tar -o doubled.h5
expect 'a second archive of the same names: told' says "doubled.tar: member '1.wav' occurs twice"

# Links are inputs that fail, also in the report.
mkdir links
cp c/1.wav links/1.wav
ln links/1.wav links/2.wav
ln -s 1.wav links/3.wav
tar -C links -cf links.tar 1.wav 2.wav 3.wav
run clap-embed links.tar -o links.h5 --report report
expect 'links: exit code' exits 1
expect 'links: the recording' equal "$(ids links.h5)" links.tar/1.wav
expect 'a hard link' says "links.tar/2.wav: is a hard link to '1.wav'"
expect 'a symbolic link' says "links.tar/3.wav: is a symbolic link to '1.wav'"
expect 'links: in the report' equal "$(grep -c '"status":"failed"' report)" 2
echo x >links/1.txt
echo x >links/3.txt
tar -C links -cf links.tar 1.wav 1.txt 3.wav 3.txt
refuses 65 "member '3.wav' is a symbolic link" clap-train links.tar -o none
tar -C links -cf hardlinks.tar --hard-dereference 1.wav 2.wav
quietly clap-embed hardlinks.tar -o hard.h5
expect 'what the message advises works' equal "$(ids hard.h5)" $'hardlinks.tar/1.wav\nhardlinks.tar/2.wav'

# Names with dots, as DESED and AudioSet have them.
mkdir d
for n in Yabc_30.000_40.000 Yabc_30.500_40.500 v1.2.take3; do cp c/1.wav d/$n.wav; echo "{\"caption\":\"cap of $n\"}" >d/$n.json; done
tar --sort=name -cf d.tar -C d .
quietly clap-embed d.tar -o d.h5
expect 'dots: captions' equal "$(meta d.h5)" $'cap of Yabc_30.000_40.000\ncap of Yabc_30.500_40.500\ncap of v1.2.take3'
tar -cf all.tar -C d Yabc_30.000_40.000.wav Yabc_30.500_40.500.wav Yabc_30.000_40.000.json Yabc_30.500_40.500.json
quietly clap-embed all.tar -o all.h5
expect 'dots: audio first' equal "$(meta all.h5)" $'cap of Yabc_30.000_40.000\ncap of Yabc_30.500_40.500'
# WebDataset ends a key at the first dot.
mkdir w
cp c/1.wav w/1.left.wav
cp c/2.wav w/1.right.wav
cp c/3.wav w/2.wav
echo '{"caption":"two sides"}' >w/1.json
echo '{"caption":"one"}' >w/2.json
echo '{"other":1}' >w/2.meta.json
tar --sort=name -cf w.tar -C w .
quietly clap-embed w.tar -o w.h5
expect 'WebDataset: captions' equal "$(meta w.h5)" $'two sides\ntwo sides\none'
# What belongs to none is told.
rm d/Yabc_30.500_40.500.wav
tar --sort=name -cf lone.tar -C d .
run clap-embed lone.tar -o lone.h5
expect 'a caption without audio: told' says 'lone.tar/./Yabc_30.500_40.500: no audio among its members'
expect 'a caption without audio: the others' equal "$(ids lone.h5 | wc -l)" 2
refuses 65 "key './Yabc_30.500_40.500': no audio member" clap-train lone.tar -o none

# An archive in several volumes, in both formats of GNU tar: what a volume holds in part is never taken for whole.
for format in gnu posix; do
  printf 'n %s-2.tar\nn %s-3.tar\nn %s-4.tar\n' $format $format $format |
    tar --format=$format -c -M -L 30 -f $format-1.tar -C c 1.wav 2.wav 3.wav >/dev/null 2>&1 || true
  for volume in "$format"-?.tar; do
    run clap-embed "$volume" -o "${volume%.tar}.h5" --report "${volume%.tar}.jsonl"
    expect "$volume: not all right" not exits 0
    expect "$volume: said" grep -qE "error: $volume(/[^ ]*)?: " "$work/err"
  done
  cat $format-?.tar >joined.tar
  run clap-embed joined.tar -o joined-$format.h5
  expect "$format: volumes joined by cat" not exits 0
done
expect 'several volumes' test "$(find . -name 'gnu-?.tar' -o -name 'posix-?.tar' | wc -l)" -ge 4

# Texts beside the audio in another encoding; a Mac's own members.
mkdir e
cp c/1.wav e/1.wav
printf 'caf\xe9\n' >e/1.txt
tar -C e -cf e.tar 1.wav 1.txt
run clap-embed e.tar -o e.h5
expect 'Latin-1 in a shard: told' says 'e.tar/1.wav: 1.txt: byte 4: not UTF-8'
refuses 65 "member '1.txt': byte 4: not UTF-8" clap-train e.tar -o none
printf '\0\5\26\7' >e/._1.wav
tar -C e -cf mac.tar ._1.wav 1.wav
quietly clap-embed mac.tar -o mac.h5
expect 'a Mac'"'"'s member' equal "$(ids mac.h5)" mac.tar/1.wav
finish
