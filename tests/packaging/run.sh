#!/usr/bin/env bash
# Makes the packages and uses them the way a user does: restored from a folder into a fresh program that is built in every way a program can
# be built, and the tool installed. One line a case; the counts last, in the words of the test runner. Called by build.sh test-packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
here=tests/packaging
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
succeeded=0 failed=0 skipped=0
references=() arguments=() aot=yes

# A version of this run's own, so that nothing left in a cache can stand in for what is tested; no preview, which a user would have to ask for.
version=$(sed 's/\.[0-9]*$//' version.txt).$(date -u +%s)
rid=$(dotnet msbuild src/Hypergrad -getProperty:NETCoreSdkPortableRuntimeIdentifier)
packages=$work/packages consumer=$work/consumer

run_case() {
  local name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    succeeded=$((succeeded + 1))
    echo "passed packaging: $name"
  else
    failed=$((failed + 1))
    echo "FAILED packaging: $name"
    sed 's/^/    /' "$work/log" | tail -n 60
  fi
}

skip_case() {
  skipped=$((skipped + 1))
  echo "skipped packaging: $1: $2"
}

prepare() {
  mkdir "$packages"
  # The command without the native library: under a version of its own, and under that of all, which the next packing has to put right.
  for made in "$version-plain" "$version"; do
    dotnet pack src/Hypergrad.Cli --configuration Release --output "$packages" -p:PackageVersion="$made" || return 1
  done
  ./build.sh pack "$packages" -p:PackageVersion="$version" || return 1
  references=(-p:HypergradVersion="$version")
  if [ -e "$packages/Hypergrad.Native.$rid.$version.nupkg" ]; then
    references+=(-p:NativePackage="$rid")
    arguments=(native)
  fi
  cp -r $here/consumer $here/contents.cs "$work"
  # The user's own sources stay; only Hypergrad comes from the folder. What was downloaded before is read where it is, and nothing is left there.
  local cache
  cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //') || return 1
  cat >"$work/NuGet.config" <<XML
<configuration>
  <packageSources><add key="hypergrad-packaging" value="$packages" /></packageSources>
  <fallbackPackageFolders><add key="downloaded" value="$cache" /></fallbackPackageFolders>
</configuration>
XML
  mkdir -p "$cache"
}

contents() {
  (cd "$work" && dotnet run contents.cs -- "$packages" "$version")
}

# The program's line of results must be the same however it was built, up to the digits that instruction sets may change.
check_run() {
  local line
  line=$("$@" "${arguments[@]}" 2>"$work/about") || { cat "$work/about"; return 1; }
  cat "$work/about"
  echo "$line"
  [[ $line == *"exact True, agrees True" ]] || return 1
  [ -e "$work/expected" ] || echo "$line" >"$work/expected"
  diff "$work/expected" - <<<"$line"
}

built() {
  local output=$work/built/$1
  shift
  (cd "$consumer" && rm -rf obj bin && dotnet build --output "$output" "${references[@]}" "$@") || return 1
  check_run dotnet "$output/Consumer.dll" || return 1
  check_run "$output/Consumer"
}

published() {
  local output=$work/published/$1
  shift
  (cd "$consumer" && rm -rf obj bin && dotnet publish --configuration Release --runtime "$rid" --output "$output" "${references[@]}" "$@") || return 1
  # Without the SDK's folder: a self-contained program must need none.
  check_run env -u DOTNET_ROOT "$output/Consumer"
}

single_file() {
  published "$@" || return 1
  local files
  files=$(cd "$work/published/$1" && ls --ignore='*.pdb' --ignore='*.dbg' --ignore='*.xml')
  [ "$files" = Consumer ] || { echo "not one file: $files"; return 1; }
}

has_aot() {
  [ "$aot" = yes ]
}

# Ahead-of-time compilation takes a package of Microsoft's that not every feed has.
native_aot() {
  local name="Native AOT" pack=Microsoft.NETCore.App.Runtime.NativeAOT.$rid
  if ! (cd "$consumer" && rm -rf obj bin && dotnet restore --runtime "$rid" -p:PublishAot=true "${references[@]}") >"$work/log" 2>&1 &&
    grep -q "NU1101: Unable to find package $pack" "$work/log"; then
    aot=no
    skip_case "$name" "no package source here has $pack"
  else
    run_case "$name" published aot -p:PublishAot=true
  fi
}

# The command as one native executable: the repository's own verb, and what it makes used in a folder without .NET.
executable() {
  ./build.sh executable "$work/executable" || return 1
  local command=$work/executable/hypergrad
  [ "$(ls "$work/executable")" = hypergrad ] || { echo "not one file: $(ls "$work/executable")"; return 1; }
  cat >"$work/small.csv" <<'CSV'
length,width,species
1,2,a
2,1,b
3,5,a
5,3,b
4,7,a
7,4,b
5,6,a
6,5,b
2,4,a
4,2,b
CSV
  run_file
  (
    cd "$work" && export PATH=/usr/bin:/bin && unset DOTNET_ROOT
    "$command" tune --data small.csv --hidden 4 --steps 10 --meta-steps 2 --out executed &&
      "$command" gradient run.json --out executed/gradient.json &&
      "$command" predict executed/model --data small.csv --out executed/predictions.csv &&
      "$command" export executed/model --onnx executed/model.onnx &&
      "$command" doctor
  ) || return 1
  grep -q '"exact":true' "$work/executed/gradient.json" || { echo "the gradient was not reversed to the bit"; return 1; }
  [ "$(wc -l <"$work/executed/predictions.csv")" -eq 11 ] || { echo "not a prediction for each line"; return 1; }
}

# Both packages of the native library in one program: the one with CUDA is taken where it can be loaded, and neither is in the other's way.
side_by_side() {
  (cd "$consumer" && rm -rf obj bin && dotnet publish --configuration Release --runtime "$rid" --self-contained --output "$work/both" \
    "${references[@]}" -p:CudaPackage="$rid") || return 1
  local file
  for file in libhypergrad.so libhypergrad_cuda.so; do
    [ -s "$work/both/$file" ] || { echo "there is no $file in the program"; return 1; }
  done
  check_run "$work/both/Consumer"
}

# install_tool [SUFFIX]: that version of the command, in a folder of its own.
install_tool() {
  (cd "$work" && dotnet tool install Hypergrad.Cli --version "$version${1:-}" --tool-path "$work/tool${1:-}")
}

# doctor SUFFIX WORDS: what it finds must hold the words.
doctor() {
  (cd "$work" && "tool$1/hypergrad" doctor) | tee "$work/doctor" || return 1
  grep -q "to the bit" "$work/doctor" && grep -q "$2" "$work/doctor"
}

run_file() {
  cat >"$work/run.json" <<'JSON'
{"layers": [1, 1], "activation": "identity", "loss": "squared", "groups": "all", "train": {"inputs": [[1]], "targets": [[0.5]]},
 "validation": {"inputs": [[2]], "targets": [[1]]}, "batches": [[0], [0]], "initialWeights": [0.1, 0], "learningRate": [[0.1], [0.1]],
 "momentum": [[0.5], [0.5]]}
JSON
}

# No variable names a library here: the one that is used is the one that the command brought.
native_gradient() {
  run_file
  (cd "$work" && tool/hypergrad gradient run.json --backend native-host) | tee "$work/gradient" || return 1
  grep -q '"backend":"native-host"' "$work/gradient" && grep -q '"exact":true' "$work/gradient"
}

tune() {
  (cd "$work" && tool/hypergrad tune --examples 200 --hidden 8 --steps 10 --meta-steps 2 --out tuned) || return 1
  for file in result.json hyperparameters.json report.html model/model.json model/model.safetensors; do
    [ -s "$work/tuned/$file" ] || { echo "tune wrote no $file"; return 1; }
  done
}

# What README.md prints in blocks of a language.
readme_blocks() {
  awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } /^```/ { on = 0 } on' README.md
}

# What README.md prints, typed as it stands by a reader who has the packages in a checkout and no other source of them: the commands of dotnet,
# then its C# as the program of the fresh project that they made. What the other commands do, the tests of the command see to.
readme() {
  local reader=$work/reader line
  mkdir -p "$reader/hypergrad/artifacts" || return 1
  ln -s "$packages" "$reader/hypergrad/artifacts/packages"
  sed 's|<packageSources>.*|<packageSources><clear /></packageSources>|' "$work/NuGet.config" >"$reader/NuGet.config"
  readme_blocks sh | sed 's/ #.*//' | grep '^dotnet ' >"$reader/commands"
  readme_blocks csharp >"$reader/Program.cs"
  [ -s "$reader/Program.cs" ] || { echo "README.md prints no C#"; return 1; }
  (
    export DOTNET_CLI_HOME=$reader/home
    cd "$reader/hypergrad" || exit 1
    while IFS= read -r line; do
      echo "\$ $line"
      eval "$line" </dev/null || exit 1
    done <"$reader/commands"
    cp "$reader/Program.cs" ../first && dotnet run --project ../first -p:TreatWarningsAsErrors=true >../output || exit 1
    cat ../output
    grep -q "reversed to the bit: True" ../output && "$DOTNET_CLI_HOME/.dotnet/tools/hypergrad" doctor
  )
}

# The library that was built here must not stand in for the one in the package.
unset HYPERGRAD_NATIVE_PATH
run_case "pack" prepare
if [ "$failed" -eq 0 ]; then
  [ ${#arguments[@]} -gt 0 ] || skip_case "native library" "CMake is not here to build it; the programs compute on the managed backend alone"
  export NUGET_PACKAGES=$work/restored
  run_case "contents" contents
  run_case "Debug" built debug --configuration Debug
  run_case "Release" built release --configuration Release
  run_case "Release for $rid" built rid --configuration Release --runtime "$rid" --no-self-contained
  run_case "self-contained" published self-contained --self-contained
  run_case "single file" single_file single-file --self-contained -p:PublishSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true
  run_case "trimmed" published trimmed --self-contained -p:PublishTrimmed=true
  if command -v clang >/dev/null || command -v gcc >/dev/null; then
    native_aot
    if has_aot; then run_case "native executable" executable; else skip_case "native executable" "as Native AOT"; fi
  else
    skip_case "Native AOT" "it takes clang or gcc, and zlib1g-dev, to link: apt-get install clang zlib1g-dev"
    skip_case "native executable" "as Native AOT"
  fi
  if [ -e "$packages/Hypergrad.Native.Cuda.$rid.$version.nupkg" ]; then
    run_case "native libraries with and without CUDA side by side" side_by_side
  else
    skip_case "native libraries with and without CUDA side by side" "there is no nvcc here to build the one with CUDA"
  fi
  run_case "README.md as printed" readme
  run_case "tool install" install_tool
  run_case "tool: tune" tune
  if [ ${#arguments[@]} -gt 0 ]; then
    run_case "tool: doctor" doctor "" "native-host backend .* on the processor"
    run_case "tool: its own native library" native_gradient
    run_case "tool without a native library: install" install_tool -plain
    run_case "tool without a native library: doctor" doctor -plain "none that can be used"
  else
    run_case "tool: doctor" doctor "" "none that can be used"
    skip_case "tool: its own native library" "CMake is not here to build it"
  fi
fi

echo "Packaging cases:"
echo "  succeeded: $succeeded"
echo "  failed: $failed"
echo "  skipped: $skipped"
[ "$failed" -eq 0 ]
