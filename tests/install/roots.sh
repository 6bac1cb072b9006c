# Fresh systems by debootstrap, for the tests that need one. Sourced, not run.
# shellcheck shell=bash
#
# Environment, all of it optional:
#   MIRROR          Debian's mirror
#   WORK            folder for roots and logs; kept if named, else a temporary one
#   APT_CONF        a file for /etc/apt/apt.conf.d of the roots
#   SSL_CERT_FILE   certificates that the mirror or the package index need
#   BIND            folders that the roots see under the same names, such as one of wheels
#   BUILD_CACHE     folder for ccache, writable by user 1000: builds in roots that include ccache take from it and fill it
#   PIP_*, CLAP_*, *_proxy   handed on
mirror=${MIRROR:-http://deb.debian.org/debian}
read -ra binds <<<"${BIND-}"
failures=0
skip() { echo "skipped: $*"; exit $((failures > 0 ? 1 : 77)); }
# expect WHAT COMMAND...: counts it as a failure if the command fails.
expect() {
  local what=$1
  shift
  "$@" || { echo "FAILED: $what"; failures=$((failures + 1)); }
}
[[ $(id -u) -eq 0 ]] || skip 'needs root'
for tool in debootstrap unshare chroot git; do command -v "$tool" >/dev/null || skip "needs $tool"; done
unshare --mount --pid --fork true 2>/dev/null || skip 'may not make namespaces'
work=${WORK-}
if [[ -z $work ]]; then
  work=$(mktemp -d)
  trap 'rm -rf --one-file-system "$work"' EXIT
fi
mkdir -p "$work"

# bare_root RELEASE ROOT PACKAGES: a bare system that reaches the mirror, with a user.
bare_root() {
  local release=$1 root=$2
  rm -rf --one-file-system "$root"
  debootstrap --variant=minbase --include="$3" "$release" "$root" "$mirror" >"$root.log" 2>&1 ||
    skip "debootstrap cannot make $release from $mirror; see $root.log (WORK keeps it)"
  [[ -z ${APT_CONF-} ]] || cp "$APT_CONF" "$root/etc/apt/apt.conf.d/99distributions"
  [[ -z ${SSL_CERT_FILE-} ]] || cp -L "$SSL_CERT_FILE" "$root/etc/certificates.pem"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  printf '127.0.0.1 localhost %s\n' "$(uname -n)" >"$root/etc/hosts"
  chroot "$root" useradd --create-home --shell /bin/bash user
}

handed_on() {
  [[ -z ${SSL_CERT_FILE-} ]] || printf '%s\0' SSL_CERT_FILE=/etc/certificates.pem PIP_CERT=/etc/certificates.pem
  [[ -z ${BUILD_CACHE-} ]] || printf '%s\0' "CCACHE_DIR=$BUILD_CACHE" CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  env --null | grep --null-data -E '^(PIP_[A-Z_]*|CLAP_[A-Z_]*|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)=' |
    grep --null-data -v '^PIP_CERT=' || true
}

# in_root USER ROOT COMMAND: by that user in their home; mounts and processes end with it.
# shellcheck disable=SC2016  # the inner shell expands them
in_root() {
  local user=$1 root=$2 command=$3 home environment
  home=$([[ $user == root ]] && echo /root || echo "/home/$user")
  mapfile -d '' -t environment < <(handed_on)
  unshare --mount --pid --fork --kill-child bash -euc '
    user=$1 home=$2 root=$3 command=$4 binds=$5 cache=$6
    shift 6
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    for folder in $binds; do
      mkdir -p "$root$folder"
      mount --bind -o ro "$folder" "$root$folder"
    done
    [[ -z $cache ]] || { mkdir -p "$root$cache"; mount --bind "$cache" "$root$cache"; }
    exec chroot --userspec="$user:$user" "$root" env -i HOME="$home" USER="$user" LANG=C.UTF-8 \
      PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "$@" bash -c "cd && $command"
  ' in_root "$user" "$home" "$root" "$command" "${binds[*]}" "${BUILD_CACHE-}" "${environment[@]}" </dev/null
}
