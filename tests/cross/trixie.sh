#!/usr/bin/env bash
# Runs a command in a folder with Debian 13, whose compilers and libraries are newer than those here, with this checkout, /tmp and .NET at the
# paths that they have here. The folder, $TRIXIE or /var/tmp/hypergrad-trixie, is made by debootstrap where there is none.
# Usage: tests/cross/trixie.sh COMMAND...    Needs root, as chroot does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export TRIXIE=${TRIXIE:-/var/tmp/hypergrad-trixie}

fail() {
  echo "trixie: $*" >&2
  exit 2
}

make_folder() {
  command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
  debootstrap --variant=minbase --components=main,contrib,non-free --include=ca-certificates,cmake,ninja-build,g++ trixie "$TRIXIE"
  # CUDA's static libraries take gigabytes, and the one of its runtime alone is linked.
  cat >"$TRIXIE/etc/dpkg/dpkg.cfg.d/hypergrad" <<'TEXT'
force-unsafe-io
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
path-exclude=/usr/lib/x86_64-linux-gnu/lib*_static*.a
path-include=/usr/lib/x86_64-linux-gnu/libcudart_static.a
TEXT
}

[ "$(id -u)" -eq 0 ] || fail "it takes root, as chroot does"
[ -e "$TRIXIE/etc/debian_version" ] || make_folder >&2
cp /etc/resolv.conf "$TRIXIE/etc/resolv.conf"
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
mkdir -p "$TRIXIE$PWD" "$TRIXIE$dotnet"
export checkout=$PWD dotnet
# Mounts that nobody else sees, and that end with the command.
exec unshare --mount --propagation private bash -euo pipefail -c '
  mount --rbind /dev "$TRIXIE/dev"
  mount -t proc proc "$TRIXIE/proc"
  for folder in /tmp "$dotnet" "$checkout"; do mount --bind "$folder" "$TRIXIE$folder"; done
  exec chroot "$TRIXIE" bash -c "cd \"\$checkout\" && PATH=\$PATH:\$dotnet exec \"\$@\"" command "$@"' trixie "$@"
