#!/usr/bin/env bash
# Makes artifacts/hypergrad-gpu-bundle.tar.gz: all that a Linux x64 machine with a GPU, but without .NET and without a network, needs to run
# `./build.sh gpu-check`. Called by build.sh gpu-bundle.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
archive=$PWD/artifacts/hypergrad-gpu-bundle.tar.gz
bundle=$PWD/artifacts/gpu-bundle/hypergrad
limit=60000000
rm -rf "$bundle" "$archive"
mkdir -p "$bundle"

# One folder for all programs: they share the .NET runtime.
for project in tests/Hypergrad.Tests src/Hypergrad.Cli bench/Hypergrad.Benchmarks; do
  echo "Publishing $project for linux-x64"
  dotnet publish "$project" --configuration Release --runtime linux-x64 --self-contained --verbosity quiet --output "$bundle/programs"
done
find "$bundle/programs" -name 'Hypergrad*.xml' -delete
# ONNX Runtime computes nothing on that machine that it does not here, and its package brings Windows' library too; check.sh
# leaves its tests out.
rm -f "$bundle"/programs/libonnxruntime*.so "$bundle"/programs/onnxruntime*.dll

sources=(CMakeLists.txt version.txt native samples/c samples/python docs/c-abi.md build.sh LICENSE README.md bench/peers bench/products.sh tests/gpu)
if git rev-parse HEAD >/dev/null 2>&1; then
  git describe --always --dirty >"$bundle/COMMIT"
  git ls-files -z --cached --others --exclude-standard -- "${sources[@]}"
else
  find "${sources[@]}" -type f -print0
fi | tar -c --null --files-from=- | tar -x -C "$bundle"

# GoogleTest's sources are no part of the repository: they come along where this machine has them.
if [ -e /usr/src/googletest/CMakeLists.txt ]; then
  cp -r /usr/src/googletest "$bundle/googletest"
else
  echo "There is no /usr/src/googletest (apt-get install libgtest-dev): the library's own tests will be skipped there unless that machine has GoogleTest."
fi

tar -czf "$archive" -C "$(dirname "$bundle")" "$(basename "$bundle")"
size=$(wc -c <"$archive")
echo "$archive: $((size / 1000000)) MB"
[ "$size" -lt "$limit" ] || { echo "bundle.sh: the archive has $size bytes; it must stay below $limit" >&2; exit 1; }
