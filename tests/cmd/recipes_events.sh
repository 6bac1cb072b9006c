#!/usr/bin/env bash
# usage: recipes_events.sh BIN SOURCE [SHARED]
# The recipes of detection, grounding and of scenes with events on miniatures of their data sets.
# shellcheck source=tests/cmd/recipes_lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/recipes_lib.sh"
detection=(detection --scores kept/scores.h5 --truth kept/truth.tsv --durations kept/durations.tsv
  --median 3 --drop-clips-without-events --merge-overlapping)
header=$'filename\tonset\toffset\tevent_label'
filled=repeat

# DESED: a clip without events, events that overlap, one of no length
mkdir -p desed/dataset/metadata/{eval,validation}
cat >desed/dataset/metadata/eval/public.tsv <<TSV
$header
a_10_20.wav	0.5	3.25	Alarm_bell_ringing
a_10_20.wav	3.0	4.0	Alarm_bell_ringing
a_10_20.wav	5	9.9	Speech
b_0_10.wav	1	1	Speech
b_0_10.wav	2.000	6.000	Speech
none_0_10.wav			
TSV
sound 100 desed/dataset/audio/eval/public/a_10_20.wav
sound 80 desed/dataset/audio/eval/public/b_0_10.wav
sound 90 desed/dataset/audio/eval/public/none_0_10.wav
recipe desed desed
public=desed/dataset/audio/eval/public
expect 'desed: the public set' hears $public/{a_10_20,b_0_10,none_0_10}.wav
expect 'desed: prompts' equal "$(<kept/labels.tsv)" $'Alarm_bell_ringing\talarm bell ringing\nSpeech\tspeech'
expect 'desed: events' equal "$(<kept/truth.tsv)" "$header
$public/a_10_20.wav	0.5	3.25	Alarm_bell_ringing
$public/a_10_20.wav	3.0	4.0	Alarm_bell_ringing
$public/a_10_20.wav	5	9.9	Speech
$public/b_0_10.wav	2.000	6.000	Speech
$public/none_0_10.wav"
expect 'desed: says what is of no length' says ' 1 events of no length'
expect 'desed: all frames of the window, of 8 s as of 10 s' equal "$(score_check shape kept/scores.h5)" '96 2'
expect 'desed: durations' grep -qx "$public/b_0_10.wav"$'\t8' kept/durations.tsv
for metric in psds1:0.264 psds2:- event_f1_best.macro_average:- segment_f1_best.macro_average:-; do
  agrees "${metric%:*}" "${metric#*:}" "${detection[@]}"
done
printf '%s\nv.wav\t0\t2\tDog\nv.wav\t1\t9\tCat\n' "$header" >desed/dataset/metadata/validation/validation.tsv
sound 95 desed/dataset/audio/validation/v.wav
recipe desed desed/dataset --set validation
expect 'desed: the validation set' hears desed/dataset/audio/validation/v.wav
agrees psds1 0.264 "${detection[@]}"
refuses 64 '--set is public or validation' "$recipes/desed" desed --set train --force
refuses 64 '--pool: frames are' "$recipes/desed" desed --pool mean --force
refuses 73 'nowhere/x.json: there is no such folder' "$recipes/desed" desed -o nowhere/x.json
for path in metadata/eval/public.tsv audio/eval/public; do tells_what_is_missing desed desed/dataset $path; done
# Recordings that are gone are counted; without any there is nothing to do.
mv $public/a_10_20.wav a_10_20.wav
recipe desed desed
expect 'desed with a gap: what is there' hears $public/{b_0_10,none_0_10}.wav
expect 'desed with a gap: counted' says 'warning: 1 recordings are not there and left out'
expect 'desed with a gap: its events' equal "$(<kept/truth.tsv)" "$header
$public/b_0_10.wav	2.000	6.000	Speech
$public/none_0_10.wav"
agrees psds1 0.264 "${detection[@]}"
mv $public/b_0_10.wav $public/none_0_10.wav .
refuses 66 "$public/a_10_20.wav: missing; " "$recipes/desed" desed --force

# URBAN-SED
mkdir -p urban/annotations/{train,test}
printf '0.5\t2.5\tdog_bark\n4\t6.25\tsiren\n' >urban/annotations/test/soundscape_test_unimodal0.txt
printf '1\t9\tsiren\n' >urban/annotations/test/soundscape_test_unimodal1.txt
echo '{}' >urban/annotations/test/soundscape_test_unimodal0.jams
printf '0\t1\tgun_shot\n' >urban/annotations/train/soundscape_train_unimodal0.txt
sound 100 urban/audio/{test/soundscape_test,train/soundscape_train}_unimodal0.wav
sound 99 urban/audio/test/soundscape_test_unimodal1.wav
recipe urbansed urban
expect 'urbansed: the test set' hears urban/audio/test/soundscape_test_unimodal{0,1}.wav
expect 'urbansed: its events' equal "$(tail -n +2 kept/truth.tsv)" $'urban/audio/test/soundscape_test_unimodal0.wav\t0.5\t2.5\tdog_bark
urban/audio/test/soundscape_test_unimodal0.wav\t4\t6.25\tsiren
urban/audio/test/soundscape_test_unimodal1.wav\t1\t9\tsiren'
agrees psds1 0.087 "${detection[@]}"
for path in annotations/test audio/test audio/test/soundscape_test_unimodal1.wav; do
  tells_what_is_missing urbansed urban $path
done

# AudioSet, strong labels
mkdir -p strong
cat >strong/audioset_eval_strong.tsv <<'TSV'
segment_id	start_time_seconds	end_time_seconds	label
s9d-2nhuJCQ_30000	2.627	7.237	/m/053hz1
s9d-2nhuJCQ_30000	0.000	1.500	/m/09x0r
YxlGt805lTA_0	1.000	9.995	/m/09x0r
A_b-Missing_5000	1.000	2.000	/t/dd00003
TSV
printf '/m/053hz1\tCheering\n/m/09x0r\tSpeech\n/t/dd00003\tMale speech, man speaking\n' >strong/mid_to_display_name.tsv
sound 100 strong/eval/Ys9d-2nhuJCQ_30.000.wav
sound 98 strong/eval/YxlGt805lTA_0.wav
recipe audioset-strong strong
expect 'audioset-strong: what is there' hears strong/eval/{Ys9d-2nhuJCQ_30.000,YxlGt805lTA_0}.wav
expect 'audioset-strong: says what is missing' says '1 recordings are not there'
expect 'audioset-strong: prompts' equal "$(<kept/labels.tsv)" $'Cheering\tcheering\nSpeech\tspeech'
agrees psds1_st0 0.354 "${detection[@]}" --psds name=psds1_st0,dtc=0.7,gtc=0.7,alpha_st=0
agrees psds1 - "${detection[@]}"
mv strong/eval/Ys9d-2nhuJCQ_30.000.wav strong/eval/s9d-2nhuJCQ_30.0-40.0.wav  # as audioset-download names it
recipe audioset-strong strong
expect 'audioset-download' hears strong/eval/{s9d-2nhuJCQ_30.0-40.0,YxlGt805lTA_0}.wav
for path in audioset_eval_strong.tsv mid_to_display_name.tsv; do tells_what_is_missing audioset-strong strong $path; done

# AudioGrounding: a phrase without a segment, a phrase with an accent
mkdir -p tag/test
cat >tag/test.json <<'JSON'
[{"audiocap_id": 103010, "audio_id": "Yvf44CgrjT0A.wav", "tokens": "a man [laughs], then: \"a dog\" barks",
  "phrases": [{"phrase": "a man laughs", "start_index": 0, "end_index": 2, "segments": [[0.25, 2.5], [4, 6]]},
              {"phrase": "a \"dog\" barks", "start_index": 4, "end_index": 6, "segments": [[7.0, 9.5]]},
              {"phrase": "silence", "start_index": 9, "end_index": 9, "segments": [[0, 0]]}]},
 {"audiocap_id": 97, "audio_id": "Y0ury_KHQdL4.wav", "tokens": "caf\u00e9",
  "phrases": [{"phrase": "a caf\u00e9", "start_index": 1, "end_index": 2, "segments": [[0.0, 5.0]]}]}]
JSON
sound 100 tag/test/Yvf44CgrjT0A.wav
sound 96 tag/test/Y0ury_KHQdL4.wav
sound 10 tag/val/other.wav
recipe audiogrounding tag
expect 'audiogrounding: phrases that are there' equal "$(<kept/phrases.tsv)" $'tag/test/Yvf44CgrjT0A.wav\ta man laughs\t103010_0
tag/test/Yvf44CgrjT0A.wav\ta "dog" barks\t103010_4
tag/test/Y0ury_KHQdL4.wav\ta café\t97_1'
expect 'audiogrounding: their segments' equal "$(tail -n +2 kept/truth.tsv | cut -f 1-3,5)" $'103010_0\t0.25\t2.5\ttag/test/Yvf44CgrjT0A.wav
103010_0\t4\t6\ttag/test/Yvf44CgrjT0A.wav
103010_4\t7.0\t9.5\ttag/test/Yvf44CgrjT0A.wav
97_1\t0.0\t5.0\ttag/test/Y0ury_KHQdL4.wav'
expect 'audiogrounding: all frames of the window' equal "$(score_check shape kept/scores.h5)" '96 1'
agrees psds_2021 0.487 grounding --scores kept/scores.h5 --truth kept/truth.tsv --durations kept/durations.tsv
tells_what_is_missing audiogrounding tag test.json
tells_what_is_missing audiogrounding tag test/Y0ury_KHQdL4.wav

# SSEU-Bench, with the columns that are taken for granted and with others
filled=zero
mkdir -p sseu
cat >sseu/metadata.csv <<'CSV'
file,snr,scene,events,transcript
mix_1.wav,10,cafe_restaurant,Dishes;Speech,"hello, you"
mix_2.wav,10,home,Dog,hello
mix_3.wav,0,home,Cat,hello
mix_4.wav,10,,"Dog; Dishes",hello
CSV
for i in 1 2 3 4; do sound $((i * 20)) sseu/audio/mix_$i.wav; done
recipe sseu-bench sseu
expect 'sseu-bench: scenes at 10 dB' equal "$(tail -n +2 kept/truth.tsv)" $'sseu/audio/mix_1.wav\tcafe_restaurant\nsseu/audio/mix_2.wav\thome'
expect 'sseu-bench: prompts' equal "$(<kept/labels.tsv)" $'cafe_restaurant\tcafe restaurant can be heard\nhome\thome can be heard'
expect 'sseu-bench: the SNR' grep -q '^{"snr_db": 10, "events": {.*"macro_map".*}, "scenes": {' sseu-bench.json
agrees scenes/mean_class_accuracy 0.4846 scenes --scores kept/scores.h5 --truth kept/truth.tsv --drop-clips-without-truth
expect 'sseu-bench: published mAP' equal "$(printed events/macro_map 3)" 0.6209
expect 'sseu-bench: our mAP' equal "$(grep -o '"macro_map":[^,]*' kept/tagging.json | awk -F: '{ printf "%.6g", $2 }')" "$(printed events/macro_map)"
cp sseu-bench.json before.json
run "$recipes/sseu-bench" sseu --force --baseline before.json --max-drop 0 --max-drop scenes/top1=0 --min events/macro_map=2 --junit gates.xml --ci 5
expect 'sseu-bench: a gate of one of the two' exits 1
expect 'sseu-bench: which' says 'is below the minimum of 2'
expect 'sseu-bench: XML of each' grep -q 'failures="1"' gates.events.xml
expect 'sseu-bench: the other one' grep -q 'failures="0"' gates.scenes.xml
expect 'sseu-bench: intervals of both' equal "$(grep -o '"macro_map.ci_low"\|"mean_class_accuracy.ci_low"' sseu-bench.json | sort -u | wc -l)" 2
recipe sseu-bench sseu --snr 0
expect 'sseu-bench: another SNR' hears sseu/audio/mix_3.wav
refuses 65 'no row of 5 dB; there are: 0 10' "$recipes/sseu-bench" sseu --snr 5 --force
tells_what_is_missing sseu-bench sseu metadata.csv
refuses 64 '--min: there are two sets' "$recipes/sseu-bench" sseu --min macro_map=0 --force
mkdir sseu/snr5
mv sseu/audio/mix_* sseu/snr5/
printf 'name\tplace\tsounds\nx/mix_1\thome\tDog|Cat\nx/mix_2\tpark\tCat\n' >sseu/list.tsv
printf 'Dog\ta dog barks\nCat\nBird\n' >animals.txt
recipe sseu-bench sseu --snr 5 --metadata list.tsv --audio 'snr{}' --file-column name --scene-column place --events-column sounds \
  --separator '|' --events animals.txt --scene-prompt 'recorded in a {}'
expect 'sseu-bench: its own prompts' equal "$(<kept/labels.tsv)" $'home\trecorded in a home\npark\trecorded in a park'
expect 'sseu-bench: the folder of the SNR' hears sseu/snr5/mix_{1,2}.wav
finish
