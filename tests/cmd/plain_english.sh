#!/usr/bin/env bash
# usage: plain_english.sh SOURCE-DIR | plain_english.sh --self-test
# Man pages, headers, and the texts of help and messages are free of ten idioms of this project's first years, which no other
# manual has. Prints each place and the plain words.
set -euo pipefail
export LC_ALL=C

# perl expression <tab> plain words <tab> example, for the self-test
idioms=$(cat <<'TABLE'
\bthere twice\b	duplicate	column 'x' is there twice
\b(go|goes|going|gone|went) on (with|from)\b	resume, continue	an interrupted run can be gone on with
\btold (by|once)\b	recognised by, reported	a manifest is told by its name
\b(?<!left )behind (it|its|them|the|which|any|a)\b	after	frames behind the end are not scored
\bHears\b	Called with	Hears how many rows have been added
(?<![Tt]here )\b(is|are) no (?!longer\b)[a-z]	is not a	a label that is no class
\bWhat \w+ (runs|programs|processes|writers) left\b	left by	What killed runs left of the output itself
\bso (long|many|much)\b(?! (that|as)\b)	this long, this many	a decoder that brings nothing for so long
\b(one( (label|row|caption|text|value|prompt|hit))?|lines|rows|windows|batches|prompts|results) an? (line|row|window|recording|class|label|clip|pass|column|item|update|query)\b	per	one label a line
\banew\b	again	the interrupted run is begun anew
TABLE
)

# check_tree FOLDER: looks through what is for people: of a page all but macros, of a header the comments, of a source the
# texts in quotes.
check_tree() {
  cd "$1"
  find man lib cmd -name '*.[1-9]' -o -name '*.hpp' -o -name '*.cpp' | sort >"$work/files"
  perl - "$idioms" "$work/files" <<'PERL'
use strict;
my @idioms = map { my ($idiom, $plain) = split /\t/; [qr/$idiom/, $plain] } split /\n/, shift;
open my $list, '<', shift or die;
while (my $file = <$list>) {
  chomp $file;
  open my $in, '<', $file or die "$file: $!";
  while (my $line = <$in>) {
    chomp $line;
    my @texts = $line;
    if ($file =~ /\.hpp$/) {
      @texts = $line =~ m{//[/<!]*\s*(.*)} ? $1 : ();
    } elsif ($file =~ /\.cpp$/) {
      $line =~ s{(^|\s)//.*}{};
      @texts = $line =~ /"((?:[^"\\]|\\.)*)"/g;
    } elsif ($line =~ /^\./) {
      next;
    }
    for my $text (@texts) {
      for (@idioms) { print "$file:$.: $text  ($$_[1])\n" if $text =~ $$_[0] }
    }
  }
  close $in;
}
PERL
}

# Each planted idiom must be found in each kind of file, and nothing in plain words.
self_test() {
  local planted=0 found example
  mkdir -p "$work/tree"/{man,lib,cmd}
  printf 'Frames after the end are not scored.\nThere is no output, and it is no longer read.\n' >"$work/tree/man/a.1"
  printf '/// One row per window, left behind by a killed process.\n' >"$work/tree/lib/a.hpp"
  printf '// one label a line\nsay("so long that it is cut");\n' >"$work/tree/cmd/a.cpp"
  found=$(check_tree "$work/tree")
  [[ -z $found ]] || { printf 'false alarm:\n%s\n' "$found"; return 1; }
  while IFS=$'\t' read -r _ _ example; do
    printf '%s\n' "$example" >>"$work/tree/man/a.1"
    printf '/// %s\nint a;  ///< %s\n' "$example" "$example" >>"$work/tree/lib/a.hpp"
    printf 'say("%s");  // %s\n' "$example" "$example" >>"$work/tree/cmd/a.cpp"
    planted=$((planted + 4))
  done <<<"$idioms"
  found=$(check_tree "$work/tree" | wc -l)
  echo "planted $planted idioms, found $found"
  [[ $planted -eq 40 && $found -eq $planted ]]
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [[ ${1-} == --self-test ]]; then
  self_test
else
  found=$(check_tree "${1:?source folder}")
  [[ -z $found ]] || { printf '%s\n' "$found"; exit 1; }
fi
