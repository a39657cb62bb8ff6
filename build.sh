#!/usr/bin/env bash
# Everything there is to do with this repository, one verb each. `./build.sh help` lists them; build.ps1 has the same ones.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

need_dotnet() {
  command -v dotnet >/dev/null || fail "the .NET SDK is missing. Install version 10: https://dotnet.microsoft.com/download"
  local version
  version=$(dotnet --version 2>/dev/null) || fail "no .NET SDK of version 10 or newer is installed (see global.json): https://dotnet.microsoft.com/download"
  [ "${version%%.*}" -ge 10 ] || fail "the .NET SDK is version $version; version 10 or newer is needed: https://dotnet.microsoft.com/download"
}

build() {
  need_dotnet
  dotnet build "$1" --configuration Release --verbosity quiet
}

run() {
  build src/Hypergrad.Cli
  if [ $# -eq 0 ]; then
    rm -rf artifacts/run
    set -- tune --out artifacts/run
  fi
  dotnet artifacts/bin/Hypergrad.Cli/release/Hypergrad.Cli.dll "$@"
}

run_tests() {
  build Hypergrad.sln
  dotnet test --solution Hypergrad.sln --configuration Release --no-build "$@"
}

bench() {
  build bench/Hypergrad.Benchmarks
  dotnet artifacts/bin/Hypergrad.Benchmarks/release/Hypergrad.Benchmarks.dll "$@"
}

# pack [FOLDER [ARGUMENTS of dotnet pack]]
pack() {
  need_dotnet
  local folder=${1:-artifacts/packages}
  [ $# -eq 0 ] || shift
  for project in src/Hypergrad src/Hypergrad.Cli; do
    dotnet pack "$project" --configuration Release --verbosity quiet --output "$folder" "$@"
  done
  ls -l "$folder"
}

test_packages() {
  need_dotnet
  tests/packaging/run.sh
}

clean() {
  rm -rf artifacts hypergrad-out
}

help() {
  cat <<'TEXT'
Usage: ./build.sh VERB [ARGUMENTS]

  run [ARGUMENTS]    build, and run the hypergrad command; without arguments its main job, tuning on generated digits
  test [ARGUMENTS]   build, and run all tests
  bench [ARGUMENTS]  build, and run the benchmarks
  pack [FOLDER]      make the NuGet packages, in artifacts/packages unless told otherwise
  test-packages      make packages and use them in programs built in every way, down to Native AOT
  clean              remove everything that was built
  help               show this

Needs the .NET SDK, version 10 or newer; everything else is restored from NuGet.
TEXT
}

verb=${1:-help}
[ $# -eq 0 ] || shift
case "$verb" in
  run) run "$@" ;;
  test) run_tests "$@" ;;
  bench) bench "$@" ;;
  pack) pack "$@" ;;
  test-packages) test_packages ;;
  clean) clean ;;
  help | --help | -h) help ;;
  *) fail "there is no verb \"$verb\". ./build.sh help lists them." ;;
esac
