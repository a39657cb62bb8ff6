#!/usr/bin/env bash
# Builds the native library for this machine's GPU, runs everything there is to run on it, and writes the results to a folder: a log for each
# step, and gpu-check.json. Needs nvcc, CMake 3.25 and a C++ compiler, but no .NET and no network.
# Usage: ./build.sh gpu-check [FOLDER [STEP...]]   FOLDER is $OUT or artifacts/gpu-check by default; the steps are those of `all_steps`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
all_steps=(native ctest doctor nunit memcheck racecheck device-benchmarks peers benchmarks)
out=${1:-${OUT:-artifacts/gpu-check}}
[ $# -eq 0 ] || shift
steps=("$@")
[ $# -gt 0 ] || steps=("${all_steps[@]}")
for step in "${steps[@]}"; do
  [[ " ${all_steps[*]} " == *" $step "* ]] || { echo "gpu-check: there is no step \"$step\"; the steps are ${all_steps[*]}" >&2; exit 1; }
done
mkdir -p "$out" || exit 1
out=$(cd "$out" && pwd)
limit=${GPU_CHECK_SECONDS:-240} # for one step
records=() failures=0
# Exported models are run by ONNX Runtime, which the bundle leaves out.
no_onnx_runtime='FullyQualifiedName!~OnnxExportTests&FullyQualifiedName!~OnnxRuntime&FullyQualifiedName!~ModelCommandTests.Export_WritesAFile'

programs=programs
[ -d "$programs" ] || programs=artifacts/gpu-bundle/hypergrad/programs
if [ ! -d "$programs" ]; then
  echo "gpu-check: no programs here; unpack the archive of ./build.sh gpu-bundle and run this in it, or make one here first" >&2
  exit 1
fi
programs=$(cd "$programs" && pwd)

# Without a driver nvidia-smi fails, and says so where the GPU would be named.
gpu=$(nvidia-smi --query-gpu=name,compute_cap,driver_version --format=csv,noheader 2>/dev/null) || gpu=
gpu=$(head -n 1 <<<"$gpu")
if [ -n "$gpu" ]; then
  echo "GPU: $gpu"
else
  echo "There is no NVIDIA GPU here (nvidia-smi lists none): the host half is checked, and what needs a GPU is skipped."
fi
tests=artifacts/native/native/tests/hypergrad_tests
export HYPERGRAD_NATIVE_PATH=$PWD/artifacts/native/native

json_string() {
  tr '\t' ' ' <<<"$1" | tr -d '\000-\011\013-\037' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'
}

record() { # step, status, seconds, what is worth knowing
  records+=("    { \"step\": \"$1\", \"status\": \"$2\", \"seconds\": $3, \"detail\": \"$(json_string "$4")\" }")
  echo "$2: $1 (${3} s) $(head -n 1 <<<"$4")"
}

skip() { record "$1" skipped 0 "$2"; }

# attempt STEP PATTERN COMMAND...: the lines of the log that match the pattern are the detail.
attempt() {
  local step=$1 pattern=$2 began=$SECONDS status detail
  shift 2
  timeout "$limit" "$@" >"$out/$step.log" 2>&1
  status=$?
  detail=$(grep -aE "$pattern" "$out/$step.log" | tail -n 60)
  if [ $status -eq 0 ]; then
    record "$step" passed $((SECONDS - began)) "$detail"
    return
  fi
  failures=$((failures + 1))
  [ $status -ne 124 ] || detail="stopped after $limit seconds (GPU_CHECK_SECONDS)"
  [ -n "$detail" ] || detail=$(tail -n 5 "$out/$step.log")
  record "$step" failed $((SECONDS - began)) "$detail"
  return 1
}

# GoogleTest from the bundle, unless this machine has one.
googletest() {
  [ -e googletest/CMakeLists.txt ] && [ ! -e artifacts/googletest/lib ] || return 0
  cmake -S googletest -B artifacts/googletest-build -DCMAKE_BUILD_TYPE=Release -DBUILD_GMOCK=OFF -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_INSTALL_PREFIX="$PWD/artifacts/googletest" && cmake --build artifacts/googletest-build --parallel --target install
}

# A CUDA toolkit without cuBLAS, as in some containers, is completed by the cuBLAS of a Python package.
cublas_of_python() {
  local header library
  nvcc -E -x cu - <<<'#include <cublas_v2.h>' >/dev/null 2>&1 && return
  header=$(python3 -c 'import glob, site
found = [path for folder in site.getsitepackages() for path in glob.glob(folder + "/nvidia/*/include/cublas_v2.h")]
print(found[0] if found else "")' 2>/dev/null)
  [ -n "$header" ] || return 0
  library=$(find "$(dirname "$header")/../lib" -name 'libcublas.so.*' | head -n 1)
  echo "cuBLAS of a Python package: $header, $library" >&2
  printf '%s\n' "-DCMAKE_CUDA_FLAGS=-isystem $(dirname "$header")" "-DCMAKE_CXX_FLAGS=-isystem $(dirname "$header")" \
    "-DCUDA_cublas_LIBRARY=$library" "-DCMAKE_BUILD_RPATH=$(cd "$(dirname "$library")" && pwd)"
}

native() {
  googletest || echo "GoogleTest cannot be built here; the library's own tests are left out"
  local options=("-DCMAKE_PREFIX_PATH=$PWD/artifacts/googletest") capability
  if command -v nvcc >/dev/null; then
    capability=$(cut -d, -f2 <<<"$gpu" | tr -d ' .')
    [ -z "$capability" ] || options+=("-DCMAKE_CUDA_ARCHITECTURES=$capability")
    while IFS= read -r option; do options+=("$option"); done < <(cublas_of_python)
  fi
  ./build.sh native "${options[@]}"
}
export -f native googletest cublas_of_python
export gpu

run_step() {
  local step=$1
  case $step in
    native) attempt native "Hypergrad:|with(out)? CUDA|cuBLAS of|rror|arning" bash -c native ;;
    ctest)
      if [ -x "$tests" ]; then
        attempt ctest "tests passed|Failed|Skipped|Timeout" ctest --test-dir artifacts/native/native --no-tests=error --output-on-failure \
          --parallel 8 --output-junit "$out/ctest.xml"
      else
        skip ctest "there is no $tests: the step native comes first, and needs GoogleTest, from here or from the bundle"
      fi
      ;;
    doctor) attempt doctor . "$programs/Hypergrad.Cli" doctor ;;
    nunit)
      attempt nunit "^ *(total|succeeded|failed|skipped):|^failed " "$programs/Hypergrad.Tests" --progress off --no-ansi \
        --filter "${NUNIT_FILTER:-$no_onnx_runtime}"
      ;;
    memcheck | racecheck)
      if [ -z "$gpu" ]; then
        skip "$step" "no GPU"
      elif ! command -v compute-sanitizer >/dev/null; then
        skip "$step" "compute-sanitizer is not installed"
      elif [ ! -x "$tests" ]; then
        skip "$step" "there is no $tests: the step native comes first, and needs GoogleTest"
      else
        attempt "$step" "ERROR SUMMARY|=========.*(Invalid|hazard)|PASSED|FAILED" \
          env HYPERGRAD_TEST_DEVICE=0 compute-sanitizer --tool "$step" --error-exitcode 1 "$tests" --gtest_filter="${SANITIZER_FILTER:-*:-*Fuzz*:*Long*}"
      fi
      ;;
    benchmarks)
      attempt benchmarks . bash -c '"$1" cost "$2" && "$1" products "$2"' benchmarks "$programs/Hypergrad.Benchmarks" "$(nproc)"
      ;;
    device-benchmarks)
      if [ -z "$gpu" ]; then
        skip "$step" "no GPU"
      else
        attempt "$step" . bash -c '"$1" cost 1 cuda && "$1" large cuda' benchmarks "$programs/Hypergrad.Benchmarks"
      fi
      ;;
    peers)
      if python3 -c 'import torch' 2>/dev/null; then
        attempt peers . bash -c 'python3 bench/peers/torch_unrolled.py 100 1 cpu && { [ -z "$gpu" ] || python3 bench/peers/torch_unrolled.py 100 1 cuda; }'
      else
        skip peers "PyTorch is not installed"
      fi
      ;;
  esac
}

for step in "${steps[@]}"; do
  run_step "$step"
  # Written again after every step, so that a machine taken away leaves what was found so far.
  {
    echo "{"
    echo "  \"date\": \"$(date -u +%FT%TZ)\","
    echo "  \"commit\": \"$(json_string "$(cat COMMIT 2>/dev/null || git describe --always --dirty 2>/dev/null)")\","
    echo "  \"gpu\": \"$(json_string "$gpu")\","
    echo "  \"cuda\": \"$(json_string "$(nvcc --version 2>/dev/null | sed -n 's/.*release \([0-9.]*\),.*/\1/p')")\","
    echo "  \"processor\": \"$(json_string "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores")\","
    echo "  \"steps\": ["
    printf '%s\n' "${records[@]}" | sed '$!s/$/,/'
    echo "  ]"
    echo "}"
  } >"$out/gpu-check.json"
done
echo "Results: $out/gpu-check.json"
[ "$failures" -eq 0 ]
