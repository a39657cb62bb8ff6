#!/usr/bin/env bash
# Builds the native library for other systems and runs what can be run of it here, on Linux for arm64 under qemu-user, on Windows for x64 under
# wine: its own tests, the .NET tests of the managed kernels and of that library, and the hypergrad command on the golden runs. Called by
# build.sh cross.
# Usage: ./build.sh cross [TARGET...]   TARGET is linux-arm64 or win-x64; both by default.
# JOBS golden runs and native tests are run at once, as many as there are processors unless set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export JOBS=${JOBS:-$(nproc)} WINEDEBUG=${WINEDEBUG:--all} WINEPREFIX=${WINEPREFIX:-$PWD/artifacts/wine}

# The exact arithmetic, SIMD, every operation and update, whole hypergradients against known ones, and the native library's backend.
tests='FullyQualifiedName~Tests.Arithmetic|FullyQualifiedName~Managed.Simd|FullyQualifiedName~OperationPassesTests'
tests+='|FullyQualifiedName~ExactStateTests|FullyQualifiedName~GoldenTests|FullyQualifiedName~MatrixProductTests'
status=0 wine=()

need() {
  command -v "$1" >/dev/null || { echo "cross: $1 is missing: apt-get install $2" >&2; exit 2; }
}

tools_for() {
  case "$1" in
    linux-arm64) need aarch64-linux-gnu-g++ g++-aarch64-linux-gnu && need qemu-aarch64 qemu-user ;;
    win-x64) need x86_64-w64-mingw32-g++-posix g++-mingw-w64-x86-64-posix && find_wine ;;
    *) echo "cross: there is no target \"$1\"; choose from linux-arm64 and win-x64" >&2; exit 2 ;;
  esac
}

# The wine that runs programs for Windows, in the array wine: this system's if it is version 10 or newer, or else that of the folder with Debian 13.
# Under wine 8.0 the compiler of .NET's runtime optimizes no method that has a branch, and NUnit's run does not end.
find_wine() {
  local version folder=${TRIXIE:-/var/tmp/hypergrad-trixie}
  wine=(wine)
  version=$(wine --version 2>/dev/null | sed -n 's/^wine-\([0-9]*\).*/\1/p')
  [ "${version:-0}" -lt 10 ] || return 0
  [ -e "$folder/etc/debian_version" ] || {
    echo "cross: wine ${version:-is missing}: version 10 or newer is needed. Install it, or make a folder with Debian 13, as root:" \
      "apt-get install debootstrap && tests/cross/trixie.sh true" >&2
    exit 2
  }
  wine=("$PWD/tests/cross/trixie.sh" wine)
  [ -e "$folder/usr/bin/wine-stable" ] ||
    tests/cross/trixie.sh bash -c 'apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine' >&2
}

# Wine's folder, without Mono and a browser, which it would ask for; and a program that stands by until this script ends. Wine's server and
# services begin with the first program and end with the last one, and one that began with no server there was seen to wait for it for good.
start_wine() {
  WINEDLLOVERRIDES='mscoree,mshtml=' "${wine[@]}" wineboot --init </dev/null >/dev/null 2>&1 || return 1
  coproc standing_by { exec "${wine[@]}" cmd >/dev/null 2>&1; }
}

# use TARGET: how its programs are run, in the array emulator, with the native library that was built for it. .NET's runtime keeps memory either
# writable or executable, which ends with a crash under both emulators; and methods compiled once are sooner done than those compiled by tiers.
# Wine 10 says that it keeps AVX-512's registers, and its RtlRestoreContext loses them: a thread that was stopped for the garbage collector went
# on with other numbers.
use() {
  local library=$PWD/artifacts/native-$1/native
  emulator=(env DOTNET_EnableWriteXorExecute=0 DOTNET_TieredCompilation=0 DOTNET_gcConcurrent=0)
  case "$1" in
    linux-arm64) emulator+=("HYPERGRAD_NATIVE_PATH=$library" qemu-aarch64 -L /usr/aarch64-linux-gnu) suffix='' ;;
    win-x64)
      emulator+=(DOTNET_EnableAVX512=0 "HYPERGRAD_NATIVE_PATH=$(windows_path "$library")" "${wine[@]}")
      suffix=.exe
      ;;
  esac
}

# Where wine finds a file or folder of this system.
windows_path() {
  echo "Z:${1//\//\\}"
}

# native_tests TARGET: the library and its own tests, which need the library's folder on Windows' path. Those of the installed package build
# and load it with this system's own compiler and Python, and are left to this system's own build.
native_tests() {
  local folder=$PWD/artifacts/native-$1 options=()
  if [ "$1" = win-x64 ]; then
    WINEPATH=$(windows_path "$folder/native") && export WINEPATH
    options=("-DHYPERGRAD_WINE=$(IFS=';' && echo "${wine[*]}")")
    # Before CMake, which waits for the list of tests.
    start_wine || return 1
  fi
  cmake -S . -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHYPERGRAD_CUDA=OFF -DHYPERGRAD_CBLAS=OFF \
    -DCMAKE_TOOLCHAIN_FILE="$PWD/native/cmake/toolchains/$1.cmake" "${options[@]}" &&
    cmake --build "$folder" --parallel &&
    (limit_memory "$1" && ctest --test-dir "$folder/native" --no-tests=error --output-on-failure --parallel "$JOBS" --exclude-regex '^package\.')
}

# limit_memory TARGET: arrays of terabytes, which a test asks for, are refused as Windows refuses them. Linux gives them untouched, and wine then
# keeps notes of each page, 18 GB of them.
limit_memory() {
  [ "$1" != win-x64 ] || ulimit -v 16000000
}

# dotnet_tests TARGET: the test program with the runtime of that system, from NuGet. It fails where no test was run.
dotnet_tests() {
  local program=$PWD/artifacts/cross/$1
  dotnet publish tests/Hypergrad.Tests --configuration Release --runtime "$1" --self-contained --verbosity quiet --output "$program" &&
    "${emulator[@]}" "$program/Hypergrad.Tests$suffix" --filter "$tests" --settings "$PWD/tests/Hypergrad.Tests/tests.runsettings" \
      --no-ansi --progress off
}

# command_tests TARGET: the hypergrad command's own check of itself, and the golden runs by it on both backends. For arm64 it is compiled ahead of
# time; for Windows Native AOT has no linker here, and the command is compiled where it runs.
command_tests() {
  local folder=$PWD/artifacts/cross/$1-command options=(--self-contained) backend
  [ "$1" != linux-arm64 ] ||
    options=(-p:PublishAot=true -p:CppCompilerAndLinker="$PWD/tests/cross/aarch64-linker.sh" -p:ObjCopyName=aarch64-linux-gnu-objcopy)
  dotnet publish src/Hypergrad.Cli --configuration Release --runtime "$1" --verbosity quiet --output "$folder" -p:PackAsTool=false \
    "${options[@]}" && "${emulator[@]}" "$folder/Hypergrad.Cli$suffix" doctor || return 1
  for backend in managed native-host; do
    python3 tests/cross/golden.py "$backend" "${emulator[@]}" "$folder/Hypergrad.Cli$suffix" || return 1
  done
}

# step NAME FUNCTION TARGET
step() {
  local began=$SECONDS result=passed
  "$2" "$3" || result=FAILED status=1
  echo "== cross $3, $1: $result, $((SECONDS - began)) s"
}

[ $# -gt 0 ] || set -- linux-arm64 win-x64
for target in "$@"; do
  tools_for "$target"
done
for target in "$@"; do
  use "$target"
  step "native library" native_tests "$target"
  step ".NET tests" dotnet_tests "$target"
  step "command" command_tests "$target"
done
exit "$status"
