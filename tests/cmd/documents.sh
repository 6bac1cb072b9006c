#!/usr/bin/env bash
# usage: documents.sh SOURCE-DIR | documents.sh --self-test
# What the pages for developers name exists: files, folders, functions and classes; so does every page, step and section that a
# comment cites. Prints what is missing.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2016  # backquotes of Markdown
# `a/b.cpp`, `a/b/`: files and folders of the repository.
named_files() { grep -ohE '`[a-zA-Z_.]+(/[a-zA-Z0-9_.-]+)+/?`' docs/developers/*.md | tr -d '`' | sort -u; }

# shellcheck disable=SC2016
# `name()`, `TwoWords`, `Class::name()`: declared in some header or source.
named_items() { grep -ohE '`[A-Za-z_:]+\(\)`|`([A-Z][a-z]+){2,}`' docs/developers/*.md | tr -d '`()' | sort -u; }

# "PAGE step N" and "PAGE section NAME" of the comments in sources, headers and tests.
citations() {
  grep -rohE 'docs/reference/[a-z_]+\.md, (steps? [0-9]+((-| to | and )[0-9]+)?|"[^"]+")' lib cmd tests --include='*.?pp' --include='*.py' |
    sed -E 's/, steps? ([0-9]+)((-| to | and )([0-9]+))?/ step \1 \4/; s/, "([^"]+)"/ section \1/' |
    awk '$2 == "step" { for (i = 3; i <= NF; ++i) print $1, "step", $i; next } { print }' | sort -u
}

check_tree() {
  local name page kind
  cd "$1"
  while read -r name; do
    [[ -e $name ]] || echo "docs/developers: $name does not exist"
  done < <(named_files)
  grep -rohE '[A-Za-z_]+' --include='*.?pp' lib cmd | sort -u >"$work/words"
  while read -r name; do
    grep -qx "${name##*::}" "$work/words" || echo "docs/developers: nothing is called $name"
  done < <(named_items)
  while read -r page kind name; do
    if [[ ! -f $page ]]; then
      echo "$page does not exist"
    elif [[ $kind == step ]]; then
      grep -qE "^$name\. " "$page" || echo "$page: no step $name"
    else
      grep -qxE "## $name" "$page" || echo "$page: no section '$name'"
    fi
  done < <(citations)
}

# Each planted name must be found missing, and nothing else.
self_test() {
  local found
  mkdir -p "$work/tree"/{lib,cmd,tests,docs/developers,docs/reference}
  cd "$work/tree"
  printf '1. Decode.\n2. Resample.\n\n## Notes\n' >docs/reference/a.md
  printf '// docs/reference/a.md, steps 1 and 2; docs/reference/a.md, "Notes"\nclass TwoWords { void go(); };\n' >lib/a.cpp
  # shellcheck disable=SC2016  # backquotes of Markdown
  printf '`lib/a.cpp` has `TwoWords::go()`, a `TwoWords`; see `docs/reference/`.\n' >docs/developers/a.md
  found=$(check_tree "$work/tree")
  [[ -z $found ]] || { printf 'false alarm:\n%s\n' "$found"; return 1; }
  # shellcheck disable=SC2016
  printf '`lib/b.cpp`, `come()`, `ThreeWordsMore`\n' >docs/developers/b.md
  printf '# docs/reference/a.md, steps 2 to 7\n# docs/reference/b.md, step 1\n# docs/reference/a.md, "Other"\n' >tests/a.py
  found=$(check_tree "$work/tree" | wc -l)
  echo "planted 6 names, found $found"
  [[ $found -eq 6 ]]
}

if [[ ${1-} == --self-test ]]; then
  self_test
else
  found=$(check_tree "$(cd "${1:?source folder}" && pwd)")
  [[ -z $found ]] || { printf '%s\n' "$found"; exit 1; }
fi
