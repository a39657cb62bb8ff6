#!/usr/bin/env bash
# Everything there is to do with this repository, one verb each. `./build.sh help` lists them; build.ps1 hands them on from PowerShell.
set -euo pipefail
cross_targets=(linux-arm64 win-x64)
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

# True when version $1 is at least $2, both of the form MAJOR.MINOR.
at_least() {
  [ "${1%%.*}" -gt "${2%%.*}" ] || { [ "${1%%.*}" -eq "${2%%.*}" ] && [ "${1#*.}" -ge "${2#*.}" ]; }
}

has_cmake() {
  command -v cmake >/dev/null && at_least "$(cmake --version | sed -n '1s/.* \([0-9]*\.[0-9]*\).*/\1/p')" 3.25
}

# The C++ compiler of Visual Studio is none that is on the PATH: on Windows, CMake finds it.
need_native_tools() {
  has_cmake || fail "CMake 3.25 or newer is missing: apt-get install cmake, brew install cmake, pip install cmake, or https://cmake.org/download"
  is_windows || command -v "${CXX:-c++}" >/dev/null || command -v g++ >/dev/null || command -v clang++ >/dev/null ||
    fail "a C++17 compiler is missing: apt-get install g++, or xcode-select --install on a Mac"
}

# The newest major version of GCC that a release of CUDA compiles with, by the table of its installation guide.
newest_gcc_for_cuda() {
  if ! at_least "$1" 12.0; then echo 11
  elif ! at_least "$1" 12.4; then echo 12
  elif ! at_least "$1" 12.8; then echo 13
  elif ! at_least "$1" 13.0; then echo 14
  else echo 15; fi
}

# The host compiler for nvcc, where the default one is too new for it. Nothing where that one will do.
cuda_host_compiler() {
  local release newest gcc
  release=$(nvcc --version | sed -n 's/.*release \([0-9]*\.[0-9]*\).*/\1/p')
  newest=$(newest_gcc_for_cuda "$release")
  gcc=$(gcc -dumpversion 2>/dev/null || echo 0)
  [ "${gcc%%.*}" -gt "$newest" ] || return 0
  command -v "g++-$newest" ||
    fail "CUDA $release compiles with GCC $newest or older, and here is $gcc: apt-get install g++-$newest, or ./build.sh native -DHYPERGRAD_CUDA=OFF"
}

is_windows() {
  [[ $(uname -s) == MINGW* || $(uname -s) == MSYS* ]]
}

# Where the library is in a folder that it was built in: one deeper where CMake's generator knows several configurations, as Visual Studio's.
native_library_folder() {
  if [ -d "$1/native/Release" ]; then echo "$1/native/Release"; else echo "$1/native"; fi
}

# Where something else built the whole solution just now, it says so in HYPERGRAD_BUILT.
build() {
  need_dotnet
  [ -z "${HYPERGRAD_BUILT:-}" ] || return 0
  dotnet build "$1" --configuration Release --verbosity quiet
}

# What runs from here uses the native library that was built here, unless the user names another one.
use_native_library() {
  local folder library
  folder=$(native_library_folder artifacts/native)
  for library in "$folder"/{libhypergrad.so,libhypergrad.dylib,hypergrad.dll}; do
    [ ! -e "$library" ] || export HYPERGRAD_NATIVE_PATH="${HYPERGRAD_NATIVE_PATH:-$PWD/$folder}"
  done
}

run() {
  build src/Hypergrad.Cli
  use_native_library
  if [ $# -eq 0 ]; then
    rm -rf artifacts/run
    set -- tune --out artifacts/run
  fi
  dotnet artifacts/bin/Hypergrad.Cli/release/Hypergrad.Cli.dll "$@"
}

# native [ARGUMENTS of CMake]: builds in $build_folder or artifacts/native, which then has the library in its folder native.
native() {
  need_native_tools
  local folder=${build_folder:-artifacts/native} options=(-DCMAKE_BUILD_TYPE=Release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON) compiler
  if command -v ninja >/dev/null && [ ! -e "$folder/Makefile" ]; then
    options+=(-G Ninja)
  fi
  if [[ " $* " != *" -DHYPERGRAD_CUDA=OFF "* && " $* " != *" -DHYPERGRAD_CUDA=SIMULATED "* ]] && command -v nvcc >/dev/null; then
    compiler=$(cuda_host_compiler)
    [ -z "$compiler" ] || options+=("-DCMAKE_CUDA_HOST_COMPILER=$compiler")
  fi
  cmake -S . -B "$folder" "${options[@]}" "$@"
  cmake --build "$folder" --config Release --parallel
  describe_native "$folder"
}

# Says what was built, as the library itself tells it, and why it has no CUDA where it might have.
describe_native() {
  local folder about reason
  folder=$(native_library_folder "$1")
  about=$("$folder/hypergrad_about") || fail "the native library in $folder was built, but cannot be used: $about"
  echo "Built the native library in $folder: $about"
  [[ $about == *"without CUDA"* ]] || return 0
  if grep -q '^HYPERGRAD_CUDA:[A-Z]*=OFF$' "$1/CMakeCache.txt"; then
    reason="HYPERGRAD_CUDA is OFF in this build folder; ./build.sh native -DHYPERGRAD_CUDA=AUTO looks for it again"
  elif command -v nvcc >/dev/null; then
    reason="CMake cannot compile with $(command -v nvcc); ./build.sh native -DHYPERGRAD_CUDA=ON shows why"
  else
    reason="there is no nvcc on the PATH; install a CUDA toolkit, 11.8 or newer, and build again"
  fi
  echo "Without CUDA: $reason"
}

# The tests of the native library, where it can be built, then all others; these find the library that was just built.
run_tests() {
  need_dotnet
  local status=0
  if has_cmake; then
    native
    if [ -e artifacts/native/native/tests/CTestTestfile.cmake ]; then
      ctest --test-dir artifacts/native/native --build-config Release --no-tests=error --output-on-failure \
        --output-junit "$PWD/artifacts/native/results.xml" || status=$?
    else
      echo "GoogleTest is not here (apt-get install libgtest-dev): the native library's own tests are left out."
    fi
    HYPERGRAD_NATIVE_PATH=$PWD/$(native_library_folder artifacts/native)
    export HYPERGRAD_NATIVE_PATH
  else
    echo "CMake 3.25 or newer is not here: the native library and its tests are left out."
  fi
  build Hypergrad.sln
  dotnet test --solution Hypergrad.sln --configuration Release --no-build --settings "$PWD/tests/Hypergrad.Tests/tests.runsettings" "$@" ||
    status=$?
  return "$status"
}

# The CUDA executor's own tests where there is no GPU: native/tests/simulated_cuda plays one.
run_simulated_tests() {
  local status=0 folder=artifacts/native-simulated filter="" name
  build_folder=$folder native -DHYPERGRAD_CUDA=SIMULATED
  if [ -e "$folder/native/tests/CTestTestfile.cmake" ]; then
    ctest --test-dir "$folder/native" --no-tests=error --output-on-failure --parallel 2 --tests-regex '^(device\.|Device|Simulation)' \
      --output-junit "$PWD/$folder/results.xml" || status=$?
  fi
  build Hypergrad.sln
  for name in cuda Cuda BackendOption Doctor Backends.Native; do filter+="|FullyQualifiedName~$name"; done
  HYPERGRAD_NATIVE_PATH=$PWD/$folder/native dotnet test --solution Hypergrad.sln --configuration Release --no-build \
    --filter "${filter:1}" "$@" || status=$?
  return "$status"
}

# The generator is a tool of .config/dotnet-tools.json; HYPERGRAD_BINDINGS_GENERATOR names another one, such as one built aside.
bindings() {
  need_dotnet
  cd src/Hypergrad.Interop
  if [ -n "${HYPERGRAD_BINDINGS_GENERATOR:-}" ]; then
    "$HYPERGRAD_BINDINGS_GENERATOR" @bindings.rsp
  else
    dotnet tool restore || fail "ClangSharpPInvokeGenerator could not be restored; name one built aside in HYPERGRAD_BINDINGS_GENERATOR"
    dotnet tool run ClangSharpPInvokeGenerator @bindings.rsp
  fi
}

bench() {
  build bench/Hypergrad.Benchmarks
  use_native_library
  if [ "${1:-}" = peers ]; then
    bench_peers "${@:2}"
  elif [ "${1:-}" = where ]; then
    bench_where "${@:2}"
  else
    dotnet artifacts/bin/Hypergrad.Benchmarks/release/Hypergrad.Benchmarks.dll "$@"
  fi
}

# Other systems' hypergradients beside ours, in one run. The distribution's python3 has its PyTorch; PYTHON names another one.
bench_peers() {
  local python=${PYTHON:-/usr/bin/python3}
  "$python" -c 'import numpy' 2>/dev/null || fail "bench peers needs Python 3 with numpy: apt-get install python3-numpy libopenblas0-pthread"
  "$python" bench/peers/run.py "$@"
}

# Where the time of the cases goes, by Linux's sampling profiler.
bench_where() {
  local python=${PYTHON:-/usr/bin/python3}
  command -v perf >/dev/null || fail "bench where needs perf: apt-get install linux-perf"
  "$python" -c 'import numpy' 2>/dev/null || fail "bench where needs Python 3 with numpy: apt-get install python3-numpy"
  "$python" bench/where.py "$@"
}

experiments() {
  build bench/Hypergrad.Experiments
  use_native_library
  dotnet artifacts/bin/Hypergrad.Experiments/release/Hypergrad.Experiments.dll "$@"
}

# Whether the library in a folder that it was built in has CUDA.
has_cuda() {
  local about
  about=$("$(native_library_folder "$1")/hypergrad_about") && [[ $about != *"without CUDA"* ]]
}

# The libraries to pack: one for the processor alone in $native_folder, and where there is nvcc one with CUDA in $cuda_folder. One that
# leans on a BLAS of this machine is built again without: it is not on every machine.
native_to_pack() {
  native_folder='' cuda_folder=''
  if ! has_cmake; then
    echo "CMake 3.25 or newer is not here: no package of the native library is made, and the command brings none."
    return
  fi
  local built=artifacts/native
  if [ -e "$built/CMakeCache.txt" ]; then
    cmake --build "$built" --config Release --parallel
  else
    native
  fi
  if grep -q '^HYPERGRAD_CBLAS_LIBRARY:.*=/' "$built/CMakeCache.txt"; then
    built=artifacts/native-package
    build_folder=$built native -DHYPERGRAD_CBLAS=OFF -DBUILD_TESTING=OFF
  fi
  if has_cuda "$built"; then
    cuda_folder=$PWD/$(native_library_folder "$built")
    built=artifacts/native-package-host
    build_folder=$built native -DHYPERGRAD_CUDA=OFF -DHYPERGRAD_CBLAS=OFF -DBUILD_TESTING=OFF
  fi
  native_folder=$PWD/$(native_library_folder "$built")
}

# pack [FOLDER [ARGUMENTS of dotnet pack]]
pack() {
  need_dotnet
  local folder=${1:-artifacts/packages} native_folder cuda_folder options=() target
  local project projects=(src/Hypergrad.Interop src/Hypergrad src/Hypergrad.Onnx src/Hypergrad.Parquet src/Hypergrad.DataView
    src/Hypergrad.Interactive src/Hypergrad.Cli)
  [ $# -eq 0 ] || shift
  native_to_pack
  # The command brings the library that can do most.
  [ -z "$native_folder" ] || options=(-p:NativeFolder="${cuda_folder:-$native_folder}")
  for project in "${projects[@]}"; do
    dotnet pack "$project" --configuration Release --verbosity quiet --output "$folder" "${options[@]}" "$@"
  done
  if [ -n "$native_folder" ]; then
    pack_native "$folder" -p:NativeFolder="$native_folder" "$@"
  fi
  if [ -n "$cuda_folder" ]; then
    pack_native "$folder" -p:NativeFolder="$cuda_folder" -p:NativeVariant=Cuda "$@"
  fi
  # Those that ./build.sh cross built.
  for target in "${cross_targets[@]}"; do
    [ ! -e "artifacts/native-$target/native/hypergrad_about"* ] ||
      pack_native "$folder" -p:NativeFolder="$PWD/artifacts/native-$target/native" -p:NativeRuntimeIdentifier="$target" "$@"
  done
  ls -l "$folder"
}

pack_native() {
  local folder=$1
  shift
  dotnet pack src/Hypergrad.Native --configuration Release --verbosity quiet --output "$folder" "$@"
}

# executable [FOLDER]: the command compiled ahead of time for this system; it needs no .NET, and neither do those who get it.
executable() {
  need_dotnet
  local folder=${1:-artifacts/executable} command
  is_windows || command -v clang >/dev/null || command -v gcc >/dev/null ||
    fail "a linker is missing, which Native AOT takes: apt-get install gcc zlib1g-dev, or xcode-select --install on a Mac"
  dotnet publish src/Hypergrad.Cli --configuration Release --use-current-runtime --verbosity quiet --output "$folder" \
    -p:PublishAot=true -p:PackAsTool=false
  rm -f "$folder"/*.xml "$folder"/*.dbg "$folder"/*.pdb
  for command in "$folder"/Hypergrad.Cli*; do
    mv "$command" "${command/Hypergrad.Cli/hypergrad}"
  done
  ls -l "$folder"
}

# The documents as pages for the browser, with the API reference out of the docstrings. A heading that a link names, or a name in a docstring,
# that is nowhere is an error. Links to files that are no pages, such as sources, are the tests' to check.
docs() {
  local project
  need_dotnet
  for project in Hypergrad.Onnx Hypergrad.Parquet Hypergrad.DataView; do
    build "src/$project"
  done
  # Apart from the tools of .config, which has one that not every feed serves: those are restored all or none.
  [ -x artifacts/tools/docfx ] || dotnet tool install docfx --version 2.81.0 --tool-path artifacts/tools
  rm -rf artifacts/docs artifacts/docs-api artifacts/docs.log
  artifacts/tools/docfx docfx.json --log artifacts/docs.log >artifacts/docs.txt || { cat artifacts/docs.txt; fail "docfx failed"; }
  ! grep -E '"severity":"(warning|error)"' artifacts/docs.log | grep -v '"code":"InvalidFileLink"' || fail "docfx complains, above"
  echo "The documents are in artifacts/docs: open artifacts/docs/index.html, or \`artifacts/tools/docfx serve artifacts/docs\` for the search too."
}

# Lists what each library offers in its PublicAPI.Unshipped.txt again, from what the analyzer finds missing in an empty one.
public_api() {
  need_dotnet
  local project list report
  mkdir -p artifacts/public-api
  for list in src/*/PublicAPI.Unshipped.txt; do
    project=$(dirname "$list")
    report=$PWD/artifacts/public-api/$(basename "$project").sarif
    rm -f "$report"
    echo '#nullable enable' >"$list"
    # The analyzer's alone, and no errors: each missing name is one.
    dotnet build "$project" --configuration Release --verbosity quiet -p:ErrorLog="$report" -p:TreatWarningsAsErrors=false \
      -p:EnableNETAnalyzers=false -p:EnforceCodeStyleInBuild=false >artifacts/public-api/log.txt ||
      fail "$project does not build: $(cat artifacts/public-api/log.txt)"
    [ -e "$report" ] || fail "$project was not compiled anew, and nothing is known of what it offers"
    sed -n 's/^ *"APIName": "\(.*\)",\{0,1\}$/\1/p' "$report" | sed 's/\\"/"/g; s/\\\\/\\/g' | LC_ALL=C sort -u |
      LC_ALL=C comm -23 - <(LC_ALL=C sort "$project/PublicAPI.Shipped.txt") >>"$list"
    echo "$list: $(($(wc -l <"$list") - 1)) names"
  done
}

test_packages() {
  need_dotnet
  tests/packaging/run.sh
}

# mutation [FOLDER [ARGUMENTS of Stryker]]: changes the library in small ways, one at a time, and counts the changes that the fast tests of a
# folder of src/Hypergrad see. In tests/mutation; the report is in artifacts/mutation/FOLDER.
mutation() {
  need_dotnet
  local folder=${1:-Arithmetic} pattern patterns=()
  [ $# -eq 0 ] || shift
  [ -f "tests/mutation/$folder.txt" ] ||
    fail "mutation knows no tests of \"$folder\". There are $(cd tests/mutation && ls ./*.txt | sed 's|^\./||; s|\.txt$||' | paste -sd ' ')."
  while IFS= read -r pattern; do patterns+=(--mutate "$pattern"); done < <(grep -v '^#' "tests/mutation/$folder.txt")
  [ -x artifacts/tools/dotnet-stryker ] || dotnet tool install dotnet-stryker --version 5.1.0 --tool-path artifacts/tools
  # The analyzers would look at every build again.
  export HYPERGRAD_MUTATION_FOLDER=$folder RunAnalyzers=false
  local output=$PWD/artifacts/mutation/$folder tool=$PWD/artifacts/tools/dotnet-stryker
  (cd tests/mutation && "$tool" "${patterns[@]}" --output "$output" "$@")
}

cross() {
  need_dotnet
  need_native_tools
  tests/cross/run.sh "$@"
}

cuda12() {
  tests/cross/cuda12.sh
}

gpu_bundle() {
  need_dotnet
  tests/gpu/bundle.sh
}

clean() {
  rm -rf artifacts hypergrad-out
}

help() {
  cat <<'TEXT'
Usage: ./build.sh VERB [ARGUMENTS]

  run [ARGUMENTS]    build, and run the hypergrad command; without arguments its main job, tuning on generated digits
  test [ARGUMENTS]   build, and run all tests; those of the native library where CMake is found
  test-simulated     run the CUDA executor's tests on a simulated device, for machines without a GPU
  native [ARGUMENTS] build the native library in artifacts/native, with CUDA where nvcc is found; arguments go to CMake
  bindings           make the C# bindings of the native library again from its header
  bench [ARGUMENTS]  build, and run the benchmarks; bench peers: other systems beside ours, in one table and one picture;
                     bench where: where the time goes
  experiments NAME   build, and run an experiment of the papers, or all; pages in artifacts/experiments; --help lists them
  pack [FOLDER]      make the NuGet packages, in artifacts/packages unless told otherwise; with the native library where CMake is found
  executable [FOLDER] make the command as one native executable of this system, in artifacts/executable unless told otherwise
  docs               make pages for the browser of all documents, with the API reference, in artifacts/docs
  cross [TARGET]     build the native library for linux-arm64 and win-x64, and run tests there under qemu-user and wine
  cuda12             compile the native library with CUDA 12, in a folder with Debian 13, and allow no warning; takes root
  public-api         list what the libraries offer in their PublicAPI.Unshipped.txt again, after a change of it
  mutation [FOLDER]  change a folder of the library (Arithmetic unless named) in small ways, and count the changes that its fast tests see
  test-packages      make packages and use them in programs built in every way, down to Native AOT
  gpu-bundle         make artifacts/hypergrad-gpu-bundle.tar.gz for a Linux x64 machine with a GPU, but without .NET and network
  gpu-check [FOLDER] there, in the unpacked bundle: build for the GPU, test and measure; results as JSON in the folder
  clean              remove everything that was built
  help               show this

Needs the .NET SDK, version 10 or newer; everything else is restored from NuGet. The native library needs CMake 3.25 and a C++ compiler,
and its CUDA half a CUDA toolkit, 11.8 or newer.
TEXT
}

verb=${1:-help}
[ $# -eq 0 ] || shift
case "$verb" in
  run) run "$@" ;;
  test) run_tests "$@" ;;
  test-simulated) run_simulated_tests "$@" ;;
  native) native "$@" ;;
  bindings) bindings ;;
  bench) bench "$@" ;;
  experiments) experiments "$@" ;;
  pack) pack "$@" ;;
  executable) executable "$@" ;;
  docs) docs ;;
  cross) cross "$@" ;;
  cuda12) cuda12 ;;
  mutation) mutation "$@" ;;
  public-api) public_api ;;
  test-packages) test_packages ;;
  gpu-bundle) gpu_bundle ;;
  gpu-check) tests/gpu/check.sh "$@" ;;
  clean) clean ;;
  help | --help | -h) help ;;
  *) fail "there is no verb \"$verb\". ./build.sh help lists them." ;;
esac
