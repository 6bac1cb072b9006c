#!/usr/bin/env bash
# usage: recipes_clips.sh BIN SOURCE [SHARED]
# The recipes of classification and tagging on miniatures of their data sets.
# shellcheck source=tests/cmd/recipes_lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/recipes_lib.sh"
scores=(--scores kept/scores.h5 --truth kept/truth.tsv)

# ESC-50
mkdir -p esc/meta
echo 'filename,fold,target,category,esc10,src_file,take' >esc/meta/esc50.csv
for fold in 1 2; do
  for class in 10,rain_drops 0,dog 5,cat; do
    file=$fold-$fold${class%,*}00-A-${class%,*}.wav
    sound $((fold * 12 + ${class%,*})) "esc/audio/$file"
    echo "$file,$fold,$class,False,1,A" >>esc/meta/esc50.csv
  done
done
sound 10 esc/audio/9-1-A-0.wav
recipe esc50 esc -- --threads 2 --model tiny
expect 'esc50: what is listed' hears esc/audio/{1-1000-A-0,1-1500-A-5,1-11000-A-10,2-2000-A-0,2-2500-A-5,2-21000-A-10}.wav
expect 'esc50: classes in their order, prompts' equal "$(<kept/labels.tsv)" $'dog\tdog can be heard\ncat\tcat can be heard\nrain_drops\train drops can be heard'
agrees fold_averaged_accuracy 0.949 classification "${scores[@]}"
expect 'esc50: folds' grep -qx $'esc/audio/2-2500-A-5.wav\tcat\t2' kept/truth.tsv
refuses 73 'esc50.json: exists already' "$recipes/esc50" esc
run "$recipes/esc50" esc --force --min top5=1 -o esc50.json
expect 'a minimum that is met' exits 0
run "$recipes/esc50" esc --force --min top1=1.1
expect 'a minimum that is missed: exit code 1' exits 1
expect 'a minimum that is missed: the numbers all the same' grep -q '^fold_averaged_accuracy' "$work/out"
cp esc50.json before.json
run "$recipes/esc50" esc --force --ci 5 --seed 2 --junit gates.xml --report page.html --plot plot.svg --baseline before.json --max-drop 0 --max-drop top1=0
expect 'what clap-eval takes: code' exits 0
expect 'what clap-eval takes: gates' grep -q 'tests="3" failures="0"' gates.xml
expect 'what clap-eval takes: the main metric' grep -q 'fold_averaged_accuracy &gt;= ' gates.xml
expect 'what clap-eval takes: intervals' grep -q '"fold_averaged_accuracy.ci_low":' esc50.json
expect 'what clap-eval takes: page and plot' test -s page.html -a -s plot.svg
sed 's/"fold_averaged_accuracy":[0-9.]*/"fold_averaged_accuracy":1.5/' before.json >better.json
run "$recipes/esc50" esc --force --baseline better.json --max-drop 0.1
expect 'a drop: exit code 1' exits 1
expect 'a drop: which' says 'is more than 0.1 below the 1.5 of better.json'
tells_what_is_missing esc50 esc meta/esc50.csv
tells_what_is_missing esc50 esc audio
tells_what_is_missing esc50 esc audio/2-2500-A-5.wav
refuses 66 'nowhere: missing; ESC-50 can be got from https' "$recipes/esc50" nowhere
refuses 64 'which DATA_DIR' "$recipes/esc50"
refuses 64 'no option --snr' "$recipes/esc50" esc --snr 10 -o other.json
refuses 64 '--keep needs a value' "$recipes/esc50" esc --keep
sed 's/category/kind/' esc/meta/esc50.csv >changed.csv
mv changed.csv esc/meta/esc50.csv
refuses 65 'esc/meta/esc50.csv: column category is missing' "$recipes/esc50" esc --force
run "$recipes/esc50" --help
expect '--help' exits 0
expect '--help: the head of the recipe' grep -q '^usage: esc50 DATA_DIR' "$work/out"
expect '--help: common options' grep -q -- '--keep DIR' "$work/out"

# UrbanSound8K
mkdir -p us/metadata
echo 'slice_file_name,fsID,start,end,salience,fold,classID,class' >us/metadata/UrbanSound8K.csv
for fold in 1 2 10; do
  for class in 3,dog_bark 0,air_conditioner; do
    file=10${fold}-${class%,*}-0-0.wav
    sound $((10 + fold * 2 + ${class%,*})) "us/audio/fold$fold/$file"
    echo "$file,10$fold,0.0,4.0,1,$fold,$class" >>us/metadata/UrbanSound8K.csv
  done
done
recipe urbansound8k us
expect 'urbansound8k: folders of the folds' hears us/audio/fold{1/101,2/102,10/1010}-{3,0}-0-0.wav
expect 'urbansound8k: bare prompts' equal "$(<kept/labels.tsv)" $'air_conditioner\tair conditioner\ndog_bark\tdog bark'
agrees fold_averaged_accuracy 0.837 classification "${scores[@]}"
tells_what_is_missing urbansound8k us metadata/UrbanSound8K.csv
tells_what_is_missing urbansound8k us audio/fold10/1010-3-0-0.wav

# VGGSound: labels with commas, a training clip, a segment without a file
mkdir -p vgg
cat >vgg/vggsound.csv <<'CSV'
---g-f_I2yQ,1,people marching,test
--0PQM4-hqg,30,"wind, rain",train
--56QUhyDQM,185,"wind, rain",test
-0DLPzsiXXE,0,playing_tennis,test
-Missing000,5,"cat, meowing",test
CSV
sound 20 vgg/audio/---g-f_I2yQ_000001.wav vgg/audio/--0PQM4-hqg_000030.wav
sound 15 vgg/audio/--56QUhyDQM_000185.wav
sound 25 vgg/audio/deep/-0DLPzsiXXE_0_10.wav
recipe vggsound vgg
expect 'vggsound: the test split that is there' hears vgg/audio/{---g-f_I2yQ_000001,--56QUhyDQM_000185,deep/-0DLPzsiXXE_0_10}.wav
expect 'vggsound: says what is not' says '1 recordings are not there'
expect 'vggsound: all classes of the split, sorted' equal "$(<kept/labels.tsv)" $'cat, meowing\tcat, meowing can be heard
people marching\tpeople marching can be heard
playing_tennis\tplaying tennis can be heard
wind, rain\twind, rain can be heard'
agrees top1 0.318 classification "${scores[@]}"
tells_what_is_missing vggsound vgg vggsound.csv
mv vgg/audio taken_away
run "$recipes/vggsound" vgg --force
expect 'vggsound without sound: exit code 66' exits 66
expect 'vggsound without sound: where to get it' says 'can be got from https'
mv taken_away vgg/audio

# A recording that cannot be read is left out, and fails unless it may.
echo no sound >vgg/audio/--56QUhyDQM_000185.wav
run "$recipes/vggsound" vgg -o unread.json
expect 'a damaged file: exit code 1' exits 1
expect 'a damaged file: counted' says 'n_missing: 1 is above the maximum of 0'
expect 'a damaged file: JSON' grep -q '"n_missing":1.0' unread.json
recipe vggsound vgg --max-missing 1
expect 'a damaged file: named' says '--56QUhyDQM_000185.wav'
expect 'a damaged file: left out' hears vgg/audio/{---g-f_I2yQ_000001,deep/-0DLPzsiXXE_0_10}.wav
agrees top1 0.318 classification "${scores[@]}" --max-missing 1

# FSD50K
mkdir -p fsd/FSD50K.ground_truth
cat >fsd/FSD50K.ground_truth/eval.csv <<'CSV'
fname,labels,mids
37199,"Electric_guitar,Guitar","/m/02sgy,/m/0342h"
64761,Bark,/m/05tny_
1277,"Bark,Guitar","/m/05tny_,/m/0342h"
CSV
printf '0,Accordion,/m/0mkg\n1,Bark,/m/05tny_\n69,Electric_guitar,/m/02sgy\n92,Guitar,/m/0342h\n' >fsd/FSD50K.ground_truth/vocabulary.csv
sound 5 fsd/FSD50K.eval_audio/37199.wav
sound 30 fsd/FSD50K.eval_audio/64761.wav
sound 130 fsd/FSD50K.eval_audio/1277.wav
sound 10 fsd/FSD50K.dev_audio/1.wav
recipe fsd50k fsd
expect 'fsd50k: the evaluation set' hears fsd/FSD50K.eval_audio/{37199,64761,1277}.wav
expect 'fsd50k: prompts' grep -qx $'Electric_guitar\tElectric guitar can be heard' kept/labels.tsv
expect 'fsd50k: tags' grep -qx $'fsd/FSD50K.eval_audio/1277.wav\tBark,Guitar' kept/truth.tsv
expect 'fsd50k: the first 10 s' grep -qx $'fsd/FSD50K.eval_audio/1277.wav\t10' kept/rows.tsv
agrees macro_map 0.545 tagging "${scores[@]}"
recipe fsd50k fsd --pool codebook
expect 'fsd50k: all of it, if asked for' grep -qx $'fsd/FSD50K.eval_audio/1277.wav\t13' kept/rows.tsv
for path in FSD50K.eval_audio FSD50K.ground_truth/eval.csv FSD50K.ground_truth/vocabulary.csv; do
  tells_what_is_missing fsd50k fsd $path
done

# AudioSet: labels with commas, names of files in two ways
mkdir -p as
cat >as/eval_segments.csv <<'CSV'
# Segments csv created Sun Mar  5 10:54:25 2017
# num_ytids=20371, num_segs=20371, num_unique_labels=527, num_positive_labels=51804
# YTID, start_seconds, end_seconds, positive_labels
--4gqARaEJE, 0.000, 10.000, "/m/068hy,/m/07q6cd_"
--BfvyPmVMo, 20.000, 30.000, "/m/03l9g"
--Missing00, 30.000, 40.000, "/m/03l9g"
-0xZQbxjFjk, 5.500, 15.500, "/m/068hy"
CSV
printf 'index,mid,display_name\n72,/m/068hy,"Domestic animals, pets"\n418,/m/03l9g,"Hammer"\n494,/m/07q6cd_,"Squeak"\n' >as/class_labels_indices.csv
sound 18 as/eval/Y--4gqARaEJE.wav
sound 12 as/eval/--BfvyPmVMo_20.000_30.000.wav
sound 30 as/eval/-0xZQbxjFjk_5500.wav
recipe audioset as
expect 'audioset: what is there' hears as/eval/{Y--4gqARaEJE,--BfvyPmVMo_20.000_30.000,-0xZQbxjFjk_5500}.wav
expect 'audioset: labels and prompts' equal "$(<kept/labels.tsv)" $'Domestic animals; pets\tDomestic animals, pets can be heard
Hammer\tHammer can be heard
Squeak\tSqueak can be heard'
expect 'audioset: tags' grep -qx $'as/eval/Y--4gqARaEJE.wav\tDomestic animals; pets,Squeak' kept/truth.tsv
expect 'audioset: says what is missing' says '1 recordings are not there'
agrees macro_map 0.230 tagging "${scores[@]}"
for path in eval_segments.csv class_labels_indices.csv; do tells_what_is_missing audioset as $path; done
# As audioset-download names them.
mv as/eval/Y--4gqARaEJE.wav as/eval/--4gqARaEJE_0.0-10.0.wav
mv as/eval/--BfvyPmVMo_20.000_30.000.wav as/eval/--BfvyPmVMo_20-30.wav
mv as/eval/-0xZQbxjFjk_5500.wav as/eval/-0xZQbxjFjk_5.5-15.5.wav
recipe audioset as
expect 'audioset-download' hears as/eval/{--4gqARaEJE_0.0-10.0,--BfvyPmVMo_20-30,-0xZQbxjFjk_5.5-15.5}.wav

finish
