#!/usr/bin/env bash
# usage: recipes_retrieval.sh BIN SOURCE [SHARED]
# The recipes of retrieval on miniatures of their data sets.
# shellcheck source=tests/cmd/recipes_lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/recipes_lib.sh"
pair=(retrieval --audio kept/audio.h5 --text kept/text.h5 --truth kept/truth.tsv)

# AudioCaps: captions of a recording do not stand together; some are quoted
mkdir -p ac/dataset
echo 'audiocap_id,youtube_id,start_time,caption' >ac/dataset/test.csv
for i in 1 2 3 4 5; do
  cat >>ac/dataset/test.csv <<CSV
10$i,vfY_TJq7n_U,130,"Rustling, then a ""honk"" $i"
20$i,tdWhHV3X25Q,60,Applause from a crowd $i
30$i,Missing0000,60,nobody hears this $i
40$i,t4hN6kTkLrg,30,A child speaks $i
CSV
done
sound 40 ac/test/YvfY_TJq7n_U.wav
sound 20 ac/test/tdWhHV3X25Q_60.wav
sound 10 ac/test/t4hN6kTkLrg_000030.wav
recipe audiocaps ac
expect 'audiocaps: what is there' hears ac/test/{YvfY_TJq7n_U,tdWhHV3X25Q_60,t4hN6kTkLrg_000030}.wav
expect 'audiocaps: says what is missing' says '1 recordings are not there'
expect 'audiocaps: 15 captions' equal "$(wc -l <kept/captions.txt)" 15
expect 'audiocaps: quotes' grep -qx 'Rustling, then a "honk" 3' kept/captions.txt
expect 'audiocaps: whose captions' equal "$(sed -n '2,5p' kept/truth.tsv)" $'0\tac/test/YvfY_TJq7n_U.wav\tRustling, then a "honk" 1
1\tac/test/tdWhHV3X25Q_60.wav\tApplause from a crowd 1
2\tac/test/t4hN6kTkLrg_000030.wav\tA child speaks 1
3\tac/test/YvfY_TJq7n_U.wav\tRustling, then a "honk" 2'
expect 'audiocaps: captions are cleaned' grep -q -- --clean-captions <(attribute kept/text.h5 command)
agrees t2a.r1 42.2 "${pair[@]}"
agrees t2a.r5 74.9 "${pair[@]}"
agrees a2t.r1 53.7 "${pair[@]}"
agrees a2t.r5 84.3 "${pair[@]}"
mv ac/dataset/test.csv ac/
recipe audiocaps ac -- --threads 1
tells_what_is_missing audiocaps ac test.csv
# As audiocaps-download names them: by the audiocap_id of one of the captions.
mv ac/test/YvfY_TJq7n_U.wav ac/test/103.wav
mv ac/test/tdWhHV3X25Q_60.wav ac/test/201.wav
recipe audiocaps ac
expect 'audiocaps-download' hears ac/test/{103,201,t4hN6kTkLrg_000030}.wav
expect 'audiocaps-download: 15 captions' equal "$(wc -l <kept/captions.txt)" 15

# Clotho: names with blanks and commas
mkdir -p clotho
cat >clotho/clotho_captions_evaluation.csv <<'CSV'
file_name,caption_1,caption_2,caption_3,caption_4,caption_5
Santa Motor.wav,A machine whines.,Clippers trim bushes.,Trimming.,A pump.,"While punching, a machine whines."
" Birds, dawn.wav",Birds sing.,Birds.,Singing.,"Birds, many.",Dawn.
CSV
sound 160 'clotho/evaluation/Santa Motor.wav'
sound 150 'clotho/evaluation/ Birds, dawn.wav'
sound 10 clotho/development/other.wav
recipe clotho clotho
expect 'clotho: the evaluation split' hears 'clotho/evaluation/Santa Motor.wav' 'clotho/evaluation/ Birds, dawn.wav'
expect 'clotho: the first 10 s' equal "$(cut -f 2 kept/rows.tsv | sort -u)" 10
expect 'clotho: captions' equal "$(sed -n '5,6p' kept/captions.txt)" $'While punching, a machine whines.\nBirds sing.'
agrees t2a.r1 20.8 "${pair[@]}"
agrees t2a.r5 45.0 "${pair[@]}"
agrees a2t.r1 26.5 "${pair[@]}"
agrees a2t.r5 54.1 "${pair[@]}"
tells_what_is_missing clotho clotho clotho_captions_evaluation.csv
tells_what_is_missing clotho clotho 'evaluation/Santa Motor.wav'
mv clotho/evaluation clotho/clotho_audio_evaluation
recipe clotho clotho --pool mean
expect 'clotho: the other folder, all of it' grep -qx $'clotho/clotho_audio_evaluation/Santa Motor.wav\t16' kept/rows.tsv
finish
