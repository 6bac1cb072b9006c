#!/usr/bin/env bash
# usage: man_pages.sh BIN SOURCE [SHARED]
# Man page, completions and --help of each tool name the same options; the pages and the completions are well formed.
# An option that several tools have is described once, in the page that the others refer to.
# shellcheck source=tests/cmd/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The options of a tool and of its subcommands, one a line.
help_options() {
  local help command
  help=$("$1" --help)
  {
    echo "$help"
    sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p' <<<"$help" |
      while read -r command; do "$1" "$command" --help; done
  } | grep -oE '^  -[^ ]+' | tr -d ' ' | tr ',' '\n' | sort -u
}

# usage: item_options PAGE HEADING: the options that the list items under a heading (.Sh or .Ss) describe.
item_options() {
  awk -v heading="$2" '
    /^\.S[hs] / { inside = $0 == heading || (inside && heading ~ /^\.Sh/ && /^\.Ss/) }
    inside && /^\.It Fl/' "$1" | grep -oE 'Fl [^ ]+' | sed 's/^Fl /-/' | sort -u
}

# usage: referred_options PAGE HEADING: the options under a heading that "are described in" another page.
referred_options() {
  awk -v heading="$2" '
    /^\.S[hs] / { inside = $0 == heading }
    / described in$/ { inside = 0 }
    inside && sub(/^\.Fl /, "-") { print $1 }' "$1" | sort -u
}

# What completion offers for a dash, in the tool and in its subcommands.
# shellcheck disable=SC2030,SC2031  # a subshell may set them for itself
completed_options() {
  local command
  COMP_WORDS=("$1" -) COMP_CWORD=1
  {
    _clap_tools && printf '%s\n' "${COMPREPLY[@]}"
    for command in $(_clap_commands "${1##*/}"); do
      COMP_WORDS=("$1" "$command" -) COMP_CWORD=2
      _clap_tools && printf '%s\n' "${COMPREPLY[@]}"
    done
  } | sort -u
}

# The same of the completions for fish and zsh, of a tool and its subcommands.
fish_options() {
  sed -E 's/ -n \x27[^\x27]*\x27//; s/ -d \x27.*//' "$completions/fish/vendor_completions.d/$1.fish" | grep -oE -- '-[sl] [^ ]+' | sed 's/^-s /-/; s/^-l /--/' | sort -u
}
zsh_options() {
  sed -n "/^'$1[ ']/,/^  ) ;;/p" "$completions/zsh/site-functions/_clap-tools" |
    sed -nE "s/^  '(\([^)]*\))?(-[^[]+)\[.*/\2/p" | sort -u
}

# usage: check_references PAGE HEADING SOURCE: what the page refers to stands in SOURCE, a sorted list of options, and
# nothing of it is described again; --config and --vocab of "clap-model synth" are other options of that name.
check_references() {
  local allowed=()
  [[ $1 != */clap-model.1 ]] || allowed=(--config --vocab)
  referred_options "$1" "$2" >of_reference
  run comm -23 of_reference "$3"
  expect "$1: $2: described where it refers to" prints_nothing
  run comm -12 of_reference <(comm -23 of_page <(printf '%s\n' "${allowed[@]}" | sort))
  expect "$1: $2: not described again" prints_nothing
}

item_options "$source_dir/man/clap.7" '.Sh COMMON OPTIONS' >of_common
item_options "$source_dir/man/clap.7" '.Ss Options of all tools' >of_all_tools
item_options "$source_dir/man/clap-embed.1" '.Ss Options of recordings' >of_recordings
run cat of_common of_recordings
expect 'clap(7): common options' test "$(wc -l <of_common)" -eq 14
expect 'clap-embed(1): options of recordings' test "$(wc -l <of_recordings)" -ge 13

completions=$bin/../completions
# shellcheck disable=SC1091  # made by the build
. "$completions/bash-completion/completions/clap-embed"
code=0
for tool in "$bin"/clap-*; do
  name=$(basename "$tool")
  page=$source_dir/man/$name.1
  help_options "$tool" >of_help
  expect "$name: has options" test "$(wc -l <of_help)" -ge 5
  completed_options "$tool" >of_completion
  run diff of_help of_completion
  expect "$name: completion" exits 0
  for shell in fish zsh; do
    "${shell}_options" "$name" >of_shell
    run diff of_help of_shell
    expect "$name: completion for $shell" exits 0
  done
  complete -p "$name" >/dev/null 2>&1 || expect "$name: is completed" false
  if [[ ! -f $page ]]; then
    expect "$name: man page" false
    continue
  fi
  run comm -23 of_all_tools of_help
  expect "$name: has the options of all tools" prints_nothing
  item_options "$page" '.Sh OPTIONS' >of_page
  check_references "$page" '.Ss Common options' of_common
  cp of_reference of_references
  if [[ $name != clap-embed ]]; then
    check_references "$page" '.Ss Options of recordings' of_recordings
    cat of_reference >>of_references
  fi
  run diff of_help <(sort -u of_page of_references)
  expect "$name: --help (<) and man page (>)" exits 0
done
COMP_WORDS=(clap-query --device '') COMP_CWORD=2
_clap_tools
expect 'completion of values' test "${COMPREPLY[*]}" = 'auto cpu cuda cuda:all'
COMP_WORDS=(clap-train --local-block '') COMP_CWORD=2
_clap_tools
expect 'completion of values that a refusal lists' test "${COMPREPLY[*]}" = 'off on'
COMP_WORDS=(clap-embed --stream '') COMP_CWORD=2
_clap_tools
expect 'completion of values that a description lists' test "${COMPREPLY[*]}" = best
COMP_WORDS=(clap-index '') COMP_CWORD=1
_clap_tools
expect 'completion of subcommands' test "${COMPREPLY[*]}" = 'build update add remove compact merge info duplicates export'
for shell in bash zsh fish; do
  command -v "$shell" >/dev/null || { echo "$shell is not installed: its completions were not read"; continue; }
  while read -r file; do
    run "$shell" -n "$file"
    expect "$file: read by $shell" exits 0
    expect "$file: no message" says_nothing
  done < <(find "$completions/$shell"* -type f)
done

if command -v mandoc >/dev/null; then
  for page in "$source_dir"/man/*; do
    run mandoc -T lint -W warning "$page"
    expect "$page: mandoc" prints_nothing
    # Roff takes a bare backslash for itself: each must be written \e, and be there when rendered.
    expect "$page: each backslash is an escape of roff" not grep -nE '(^|[^\\])\\([^e(&"|cfs -]|$)' "$page"
    run bash -c "mandoc -T utf8 '$page' | sed 's/.\x08//g' | tr -cd '\\\\' | wc -c"
    expect "$page: backslashes are rendered" prints "$(grep -o '\\e' "$page" | wc -l)"
    sections=$(grep -oE '^\.Sh .*' "$page" | cut -c 5- | tr '\n' ';')
    [[ $page != *.1 ]] ||
      expect "$page: sections" grep -qE '^NAME;SYNOPSIS;DESCRIPTION;.*OPTIONS;.*EXIT STATUS;EXAMPLES;SEE ALSO;' <<<"$sections"
  done
else
  echo 'mandoc is not installed: the pages were not linted'
fi
finish
