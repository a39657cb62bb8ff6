#!/usr/bin/env bash
# Compiles the native library with CUDA 12 for sm_80 and sm_90 and allows no warning: Debian 12 has CUDA 11.8, and Debian 13, in whose folder this
# compiles, 12.4. No GPU is needed, and nothing is run on one. Called by build.sh cuda12.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=artifacts/native-cuda12 log=artifacts/native-cuda12.log
mkdir -p artifacts
tests/cross/trixie.sh bash -c 'command -v nvcc >/dev/null ||
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nvidia-cuda-toolkit g++-13 libgtest-dev; }' >&2
# From nothing, so that every warning is seen.
rm -rf "$folder"
build_folder=$folder tests/cross/trixie.sh ./build.sh native -DHYPERGRAD_CUDA=ON -DHYPERGRAD_CBLAS=OFF -DBUILD_TESTING=OFF \
  "-DCMAKE_CUDA_ARCHITECTURES=80-real;90" 2>&1 | tee "$log"
! grep -i 'warning' "$log" || { echo "cuda12: warnings, above" >&2; exit 1; }
grep -q 'Hypergrad: CUDA 12' "$log" || { echo "cuda12: this was no CUDA 12" >&2; exit 1; }
echo "Compiled with $(sed -n 's/.*Hypergrad: \(CUDA [0-9.]*\).*/\1/p' "$log") without a warning."
