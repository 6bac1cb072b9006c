#!/usr/bin/env bash
# usage: clap_query_browser.sh BIN SOURCE [SHARED]
# Keys and clicks on the pages of clap-query --html, in Chromium without a window. 77: no browser or no Python.
command -v python3 >/dev/null || exit 77
type chromium chromium-browser google-chrome google-chrome-stable 2>/dev/null | grep -q . ||
  { echo 'clap_query_browser: skipped: no Chromium'; exit 77; }
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The order of the hits is that of their vectors. The third is no sound.
mkdir 'odd#1?'
odd=$'odd#1?/50%41"q"\'s\'<b>&amp;\xc3\xbc:.wav'
beeps 160000 "$odd"
cp "$clips/misc_crow.flac" 'odd#1?/short.flac'
printf 'no sound' >'odd#1?/text.wav'
make_embeddings rows.h5 audio m1 <<ROWS
id start_s end_s vector label
$odd 5 15 9,1 <i>dog</i>
odd#1?/short.flac 0 0.48 3,1 &lt;
odd#1?/text.wav 0 1 2,1 "><script>alert(2)</script>
ROWS
make_embeddings query.h5 text m1 <<<$'id start_s end_s vector\n<b>a</b>&dog</h2><script>alert(3)</script> 0 0 1,0'
clap-query rows.h5 --embeddings query.h5 --html linked.html >/dev/null 2>&1 || true
clap-query rows.h5 --embeddings query.h5 --html embedded.html --embed-audio >/dev/null 2>&1 || true
run timeout 200 "$source_dir/tests/cmd/clap_query_browser.py" linked.html embedded.html "$PWD/$odd"
cat "$work/out"
expect 'keys and clicks' exits 0
finish
