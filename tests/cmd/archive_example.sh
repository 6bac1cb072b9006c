#!/usr/bin/env bash
# usage: archive_example.sh BIN SOURCE [SHARED]
# examples/archive on the recordings of this repository: each step does what it says.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_tiny_model
mkdir collection
cp "$clips"/*.flac collection/
for i in 1 2 3; do cp "$clips/misc_crow.flac" "collection/misc_again$i.flac"; done
run "$source_dir/examples/archive/day" day collection
expect 'the day' exits 0
prints_line() { grep -qE -- "$1" "$work/out"; }
says_line() { grep -qE -- "$1" "$work/err"; }
expect 'build' says_line '^clap-index: embedded 8 of 8 clips'
expect 'the page of hits' grep -q 'misc_' day/hits.html
expect 'copies are found' prints_line '^1	1.000000	archive/misc_again1.flac'
expect 'health, when files are gone' prints_line '^8	8	2	2	'
expect 'update: what would be done' prints_line '^move	archive/renamed-ambi_choir.flac	archive/ambi_choir.flac$'
expect 'update' says_line '1 moved, 1 copied, 1 removed, 6 unchanged'
expect 'update: the second time' says_line 'is up to date: 8 unchanged'
expect 'health, afterwards' prints_line '^8	8	0	0	'
expect 'classes of our own' prints_line '^archive/.*	1	(misc|perc|guit|vinyl|renamed)	'
expect 'a table for a spreadsheet' grep -q '^id,start_s,end_s,crow,bell' day/tags.csv
expect 'labels for Audacity' test -f day/events.txt
finish
