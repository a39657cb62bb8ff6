#!/usr/bin/env bash
# Builds the native library for other systems and runs what can be run of it here: its own tests, and the .NET tests of the managed kernels and
# of that library, on Linux for arm64 under qemu-user, on Windows for x64 under wine. Called by build.sh cross.
# Usage: ./build.sh cross [TARGET...]   TARGET is linux-arm64 or win-x64; both by default.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export WINEDEBUG=${WINEDEBUG:--all} WINEPREFIX=${WINEPREFIX:-$PWD/artifacts/wine}

# The exact arithmetic, SIMD, every operation and update, whole hypergradients against known ones, and the native library's backend.
tests='FullyQualifiedName~Tests.Arithmetic|FullyQualifiedName~Managed.Simd|FullyQualifiedName~OperationPassesTests'
tests+='|FullyQualifiedName~ExactStateTests|FullyQualifiedName~GoldenTests|FullyQualifiedName~MatrixProductTests|FullyQualifiedName~LayoutTests'
status=0

need() {
  command -v "$1" >/dev/null || { echo "cross: $1 is missing: apt-get install $2" >&2; exit 2; }
}

tools_for() {
  case "$1" in
    linux-arm64) need aarch64-linux-gnu-g++ g++-aarch64-linux-gnu && need qemu-aarch64 qemu-user ;;
    win-x64) need x86_64-w64-mingw32-g++-posix g++-mingw-w64-x86-64-posix && need wine wine ;;
    *) echo "cross: there is no target \"$1\"; choose from linux-arm64 and win-x64" >&2; exit 2 ;;
  esac
}

# native_tests TARGET: the library and its own tests, which need the library's folder on Windows' path. Those of the installed package build
# and load it with this system's own compiler and Python, and are left to this system's own build.
native_tests() {
  local folder=artifacts/native-$1
  [ "$1" = linux-arm64 ] || export WINEPATH="Z:${PWD//\//\\}\\artifacts\\native-$1\\native"
  cmake -S . -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHYPERGRAD_CUDA=OFF -DHYPERGRAD_CBLAS=OFF \
    -DCMAKE_TOOLCHAIN_FILE="$PWD/native/cmake/toolchains/$1.cmake" &&
    cmake --build "$folder" --parallel &&
    ctest --test-dir "$folder/native" --no-tests=error --output-on-failure --parallel 2 --exclude-regex '^package\.'
}

# dotnet_tests TARGET: the test program with the runtime of that system, from NuGet.
dotnet_tests() {
  local program=artifacts/cross/$1
  dotnet publish tests/Hypergrad.Tests --configuration Release --runtime "$1" --self-contained --verbosity quiet --output "$program" || return 1
  cp "artifacts/native-$1/native/"*hypergrad.{so,dll} "$program" 2>/dev/null || true
  case "$1" in
    linux-arm64) qemu-aarch64 -L /usr/aarch64-linux-gnu "$program/Hypergrad.Tests" --filter "$tests" --no-ansi ;;
    win-x64) wine "$program/Hypergrad.Tests.exe" --filter "$tests" --no-ansi ;;
  esac
}

# compiled_command TARGET: the command compiled ahead of time for that system, so that no just-in-time compiler runs under the emulator: its
# own check of itself, and the golden runs.
compiled_command() {
  local program=artifacts/cross/$1-command emulated=(qemu-aarch64 -L /usr/aarch64-linux-gnu "$PWD/artifacts/cross/$1-command/Hypergrad.Cli")
  dotnet publish src/Hypergrad.Cli --configuration Release --runtime "$1" --verbosity quiet --output "$program" -p:PublishAot=true \
    -p:PackAsTool=false -p:CppCompilerAndLinker="$PWD/tests/cross/aarch64-linker.sh" -p:ObjCopyName=aarch64-linux-gnu-objcopy &&
    "${emulated[@]}" doctor && python3 tests/cross/golden.py "${emulated[@]}"
}

step() {
  local began=$SECONDS name=$1
  shift
  if "$@"; then
    echo "== cross $name: passed, $((SECONDS - began)) s"
  else
    status=1
    echo "== cross $name: FAILED, $((SECONDS - began)) s"
  fi
}

[ $# -gt 0 ] || set -- linux-arm64 win-x64
for target in "$@"; do
  tools_for "$target"
done
for target in "$@"; do
  step "$target, native library" native_tests "$target"
  step "$target, .NET" dotnet_tests "$target"
  [ "$target" != linux-arm64 ] || step "$target, the command compiled ahead of time" compiled_command "$target"
done
exit "$status"
