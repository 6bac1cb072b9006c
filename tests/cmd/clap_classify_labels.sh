#!/usr/bin/env bash
# usage: clap_classify_labels.sh BIN SOURCE [SHARED]
# Where clap-classify takes its labels from: prompts that are averaged, thresholds of classes, phrases of
# recordings; scores by the official protocols.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_tiny_model
golden=$source_dir/tests/data/model/cc0_tiny.h5
h5_check strings "$golden" texts >captions.txt

# Several prompts a label, against the mean of the official embeddings.
clap-embed -q "$clips" -o sounds.h5
awk '{ print "class " int((NR - 1) / 3) "\t" $0 }' captions.txt >prompts.tsv
quietly clap-classify sounds.h5 --prompts prompts.tsv --scores averaged.h5
expect 'three prompts a label: the mean of the official embeddings' \
  at_most "$(score_check prompts averaged.h5 "$golden" zero)" 1e-5
h5_check strings averaged.h5 prompts >"$work/out"
expect 'all prompts are stored' cmp captions.txt "$work/out"
printf 'class 2\nown\tDJ\n' >some.txt
printf 'own\ta DJ scratches a record\nown\ta drum roll\nclass 2\ta crow caws\n' >two.tsv
quietly clap-classify sounds.h5 --labels some.txt --prompts two.tsv --scores some.h5
expect 'labels and their order from --labels' equal "$(h5_check strings some.h5 classes)" $'class 2\nown'
expect 'prompts from --prompts' at_most "$(score_check prompts some.h5 "$golden" zero)" 1e-5
printf 'crow\nbell\n' >two.txt
printf 'crow\ta crow\ncrow\tcrow!\nbell\ta bell\nbell\tbell!\n' >patterns.tsv
clap-classify sounds.h5 --prompts patterns.tsv -k 2 >by_file.tsv
run clap-classify --prompt 'a {}' --prompt '{}!' sounds.h5 --labels two.txt -k 2
expect 'several patterns are averaged too' cmp by_file.tsv "$work/out"
refuses 65 "two.tsv: 'own' is not one of the labels" clap-classify sounds.h5 --labels two.txt --prompts two.tsv
printf 'crow\n' >no_prompt.tsv
refuses 65 'no_prompt.tsv: line 1: is not label' clap-classify sounds.h5 --prompts no_prompt.tsv
refuses 66 'nowhere.tsv: No such file' clap-classify sounds.h5 --prompts nowhere.tsv
refuses 64 'a prompt is one line' clap-classify sounds.h5 --labels two.txt --prompt $'{}\n{}'
refuses 64 'only one file can come' clap-classify sounds.h5 --labels - --thresholds - --multilabel

# Thresholds of classes: exactly the labels above them, in files and in recordings.
clap-classify sounds.h5 --labels two.txt -k 2 --no-header >all.tsv
printf 'bell\t0.2\n' >thresholds.tsv
run clap-classify sounds.h5 --labels two.txt --multilabel --thresholds thresholds.tsv --threshold 0.3 --no-header
cut -f 1,5 "$work/out" | sort >found
awk -F'\t' '$6 > ($5 == "bell" ? 0.2 : 0.3) { print $1 "\t" $5 }' all.tsv | sort >wanted
expect 'labels above their thresholds' cmp found wanted
expect 'some, not all' test "$(wc -l <found)" -gt 0 -a "$(wc -l <found)" -lt "$(wc -l <all.tsv)"
clap-embed -q "$clips" --frames --short repeat -o frames.h5
for label in crow bell; do
  threshold=0.2
  [[ $label == bell ]] || threshold=0.3
  clap-classify frames.h5 --labels two.txt --events --threshold $threshold --no-header | grep -P "\t$label\t"
done | sort >wanted
run clap-classify frames.h5 --labels two.txt --events --thresholds thresholds.tsv --threshold 0.3 --no-header
expect 'events above their thresholds' cmp <(sort "$work/out") wanted
expect 'of both classes' test "$(cut -f 4 "$work/out" | sort -u | wc -l)" -eq 2
refuses 64 '--thresholds: needs' clap-classify sounds.h5 --labels two.txt --thresholds thresholds.tsv
printf 'dog\t0.5\n' >unknown.tsv
refuses 65 "unknown.tsv: line 1: 'dog' is not one of the labels" clap-classify sounds.h5 --labels two.txt --multilabel --thresholds unknown.tsv
printf 'bell\tnan\n' >nan.tsv
refuses 65 'nan.tsv: line 1' clap-classify sounds.h5 --labels two.txt --multilabel --thresholds nan.tsv

# A header, of tabs or commas.
printf 'label\tprompt\ncrow\ta crow\nbell\ta bell\n' >header.tsv
printf 'label,prompt\ncrow,a crow\nbell,"a bell"\n' >header.csv
run clap-classify sounds.h5 --labels two.txt --prompt 'a {}' -k 2
cp "$work/out" wanted
for file in header.tsv header.csv; do
  run clap-classify sounds.h5 --labels $file -k 2
  expect "$file: a header" cmp "$work/out" wanted
done
printf 'label\tthreshold\nbell\t0.2\n' >headed_thresholds.tsv
quietly clap-classify sounds.h5 --labels two.txt --multilabel --thresholds headed_thresholds.tsv

# Label sets by name; a file of that name comes first.
run clap-classify --labels list --no-header
expect 'the sets' equal "$(cut -f 1,2 "$work/out" | tr '\t\n' ' ;')" 'audioset 527;esc50 50;fsd50k 200;urbansound8k 10;vggsound 309;'
quietly clap-classify sounds.h5 --labels urbansound8k -k 10 --scores set.h5
expect 'labels as the data set spells them' equal "$(h5_check strings set.h5 classes | head -2 | tail -1)" car_horn
expect 'prompts in words' equal "$(h5_check strings set.h5 prompts | head -2 | tail -1)" 'car horn can be heard'
quietly clap-classify sounds.h5 --labels esc50 --prompt 'this is {}' --scores pattern.h5
expect 'by the pattern' equal "$(h5_check strings pattern.h5 prompts | head -1)" 'this is dog'
cp two.txt esc50
run clap-classify sounds.h5 --labels esc50 -k 9 --no-header
expect 'a file of that name' equal "$(cut -f 5 "$work/out" | sort -u | tr '\n' ' ')" 'bell crow '
rm esc50
refuses 66 'nowhere: no such file, nor a label set: audioset, esc50, fsd50k, urbansound8k, vggsound' \
  clap-classify sounds.h5 --labels nowhere

# Texts without content: their highest score is subtracted.
printf 'a sound\nsilence\n' >background.txt
{ cat two.txt; printf 'a sound\nsilence\n'; } >with_background.txt
clap-classify sounds.h5 --labels two.txt --prompt '{}' --wide --no-header >plain.tsv
clap-classify sounds.h5 --labels with_background.txt --prompt '{}' --wide --no-header >all.tsv
run clap-classify sounds.h5 --labels two.txt --prompt '{}' --wide --no-header --background background.txt
expect 'the difference' equal "$(paste all.tsv "$work/out" | awk -F'\t' '
  function near(x, y) { return x - y < 2e-6 && y - x < 2e-6 }
  { b = $6 > $7 ? $6 : $7; if (!near($4 - b, $11) || !near($5 - b, $12)) print }')" ''
expect 'something is subtracted' not cmp -s plain.tsv "$work/out"
quietly clap-classify frames.h5 --labels two.txt --events --threshold -1 --background generic -o events.tsv
refuses 64 '--background: cannot go with --softmax' clap-classify sounds.h5 --labels two.txt --softmax --background generic
refuses 66 'nowhere.txt' clap-classify sounds.h5 --labels two.txt --background nowhere.txt
: >empty.txt
refuses 65 'empty.txt: no texts' clap-classify sounds.h5 --labels two.txt --background empty.txt

# Phrases: each recording is compared with its own only.
printf 'misc_crow.flac\ta crow caws\tc0\nperc_bell.flac\tsomeone strikes a bell\tb0\nmisc_crow.flac\ta drum roll\tc1\n' >phrases.tsv
pair=("$clips/misc_crow.flac" "$clips/perc_bell.flac")
run clap-classify "${pair[@]}" --phrases phrases.tsv --no-header
expect 'own phrases only' equal "$(cut -f 1,5 "$work/out" | sort | sed 's|.*/||')" \
  $'misc_crow.flac\ta crow caws\nmisc_crow.flac\ta drum roll\nperc_bell.flac\tsomeone strikes a bell'
printf 'a crow caws\na drum roll\nsomeone strikes a bell\n' >as_labels.txt
clap-classify "${pair[@]}" --labels as_labels.txt --prompt '{}' -k 3 --no-header | cut -f 1,5,6 | sort >as_labels.tsv
expect 'the scores that the phrases have as labels' \
  equal "$(cut -f 1,5,6 "$work/out" | sort | comm -12 - as_labels.tsv | wc -l)" 3
run clap-classify "$clips" --phrases phrases.tsv -k 1 --no-header
expect 'a recording without phrases has no row' equal "$(wc -l <"$work/out")" 2
expect 'but a warning' says 'drum_roll.flac: has no phrases'
expect 'and is no failure' exits 0
run clap-classify "${pair[@]}" --phrases phrases.tsv --grounding --threshold 0.4 --scores items.h5 --no-header
expect 'a cosine of -0.4 is above a sigmoid of 0.4: whole recordings' equal "$(cut -f 2,3 "$work/out" | sort -u | wc -l)" 2
expect 'score file: a row for each item' equal "$(h5_check strings items.h5 id)" $'c0\nc1\nb0'
expect 'its recording' equal "$(h5_check strings items.h5 meta/filename)" \
  "${pair[0]}"$'\n'"${pair[0]}"$'\n'"${pair[1]}"
expect 'its phrase' equal "$(h5_check strings items.h5 meta/phrase)" \
  $'a crow caws\na drum roll\nsomeone strikes a bell'
{
  printf 'filename\tonset\toffset\tevent_label\taudio_id\n'
  printf 'c0\t0\t0.4\tphrase\tcrow\nc1\t0\t0.2\tphrase\tcrow\nb0\t0\t5\tphrase\tbell\n'
} >truth.tsv
printf 'audio_id\tduration\ncrow\t0.48\nbell\t6.72\n' >durations.tsv
if clap-eval --help | grep -q grounding; then
  run clap-eval grounding --scores items.h5 --truth truth.tsv --durations durations.tsv
  expect 'clap-eval grounding reads it' exits 0
fi
cut -f 1,2 phrases.tsv >no_items.tsv
refuses 65 'needs a third field' clap-classify "${pair[0]}" --phrases no_items.tsv --scores x.h5
refuses 64 '--phrases: cannot go with' clap-classify "${pair[0]}" --phrases no_items.tsv --labels two.txt
printf 'a.wav\n' >broken.tsv
refuses 65 'broken.tsv: line 1' clap-classify "${pair[0]}" --phrases broken.tsv

# The official protocols: zeros for classification (ESC-50), repetition for detection.
for mode in zero repeat stretch; do
  quietly clap-classify "$clips" --labels captions.txt --prompt '{}' --short $mode --scores $mode.h5
  expect "$mode: the official scores" at_most "$(score_check prompts $mode.h5 "$golden" $mode)" 1e-5
done
if [[ -f $shared/goldens/audio/example.wav ]]; then
  printf 'c1\ta dog barks\nc2\tA Dog Barks LOUDLY, twice!\nc3\train falls on a tin roof\nc8\tmale speech\nc20\t...\nc21\ta\n' >captions.tsv
  sounds=("$shared"/goldens/audio/{dog,rain,baby,clock,chainsaw,rooster,example}.wav)
  quietly clap-classify "${sounds[@]}" --labels captions.tsv --scores cls.h5 --pool first
  expect 'classification: the official cosines' \
    at_most "$(score_check clips cls.h5 "$shared/goldens/tiny_sim.h5" cls)" 1e-5
  quietly clap-classify "${sounds[@]}" --labels captions.tsv --events --threshold 1 --scores sed.h5 --pool first --force -o sed.tsv
  expect 'detection: the official cosines' \
    at_most "$(score_check frames sed.h5 "$shared/goldens/tiny_sim.h5" sed)" 2e-5
  expect 'frames behind the end are left out' \
    equal "$(score_check windows sed.h5 "$shared/goldens/tiny_sim.h5" sed)" inf
  quietly clap-classify "${sounds[@]}" --labels captions.tsv --events --threshold 1 --whole-window --scores sed.h5 --pool first \
    --force -o sed.tsv
  expect 'whole windows: the official cosines of all frames' \
    at_most "$(score_check windows sed.h5 "$shared/goldens/tiny_sim.h5" sed)" 2e-5
else
  echo 'no goldens beside the checkout: recordings of ESC-50 are not compared with the official scores'
fi
finish
