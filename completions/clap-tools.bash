# Completion of the clap tools for bash: source it, or install it as
# share/bash-completion/completions/clap-embed (and so on). Options come from --help, so that they
# are those of the program that is installed.
# shellcheck shell=bash

# Prints the options that a help text lists, one a line.
_clap_options() {
  grep -oE '^  -[^ ]+' | tr -d ' ' | tr ',' '\n'
}

# Prints the subcommands that a help text lists.
_clap_commands() {
  sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# Values of options that take one of a few words.
_clap_values() {
  case $1 in
    --device) echo auto cpu cuda ;;
    --progress) echo auto always never ;;
    --short) echo zero repeat stretch ;;
    --pool) echo none codebook mean first ;;
    --stream) echo best 0 1 ;;
    --time-zero) echo audio container ;;
    --dtype) echo f32 f16 ;;
    --precision) echo fp32 tf32 bf16 fp16 int8 ;;
    --loss) echo hn infonce ;;
    --hn-weights) echo official paper ;;
    --optimizer) echo adam adamw ;;
    --freeze) echo audio text ;;
    --pooling) echo codebook mean attention ;;
    --local-block) echo on off ;;
    --pad) echo longest window ;;
    --ties) echo last-first first-first optimistic pessimistic ;;
  esac
}

_clap_tools() {
  local tool=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} help commands words
  help=$("$tool" --help 2>/dev/null) || return
  commands=$(_clap_commands <<<"$help")
  words=$(_clap_values "${COMP_WORDS[COMP_CWORD - 1]}")
  if [[ -z $words && -n $commands ]]; then
    if [[ $COMP_CWORD -gt 1 && " ${commands//$'\n'/ } " == *" ${COMP_WORDS[1]} "* ]]; then
      help=$("$tool" "${COMP_WORDS[1]}" --help 2>/dev/null)
    else
      words=$commands
    fi
  fi
  [[ $word != -* ]] || words=$(_clap_options <<<"$help")
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -o default -F _clap_tools \
  clap-embed clap-index clap-query clap-classify clap-eval clap-train clap-model
