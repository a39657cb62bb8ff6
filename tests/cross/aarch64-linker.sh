#!/usr/bin/env bash
# GCC for arm64 as the linker of Native AOT, which tells every linker of another system its target, as Clang wants it.
set -euo pipefail
arguments=()
for argument in "$@"; do
  [[ $argument == --target=* ]] || arguments+=("$argument")
done
exec aarch64-linux-gnu-gcc "${arguments[@]}"
