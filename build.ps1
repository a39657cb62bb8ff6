#!/usr/bin/env pwsh
# Everything there is to do with this repository, one verb each. `./build.ps1 help` lists them; build.sh has the same ones.
param(
    [Parameter(Position = 0)][string]$Verb = 'help',
    [Parameter(Position = 1, ValueFromRemainingArguments)][string[]]$Arguments = @()
)
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$download = 'https://dotnet.microsoft.com/download'

function Stop-Build([string]$Message) {
    [Console]::Error.WriteLine("build.ps1: $Message")
    exit 1
}

function Assert-Dotnet {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { Stop-Build "the .NET SDK is missing. Install version 10: $download" }
    $version = dotnet --version 2>$null
    if ($LASTEXITCODE -ne 0) { Stop-Build "no .NET SDK of version 10 or newer is installed (see global.json): $download" }
    if ([int]($version -split '\.')[0] -lt 10) { Stop-Build "the .NET SDK is version $version; version 10 or newer is needed: $download" }
}

function Invoke-Dotnet {
    dotnet @args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Invoke-Build([string]$Target) {
    Assert-Dotnet
    Invoke-Dotnet build $Target --configuration Release --verbosity quiet
}

function Test-CMake {
    if (-not (Get-Command cmake -ErrorAction SilentlyContinue)) { return $false }
    return [version](((cmake --version)[0] -replace '.* ([0-9]+\.[0-9]+\.[0-9]+).*', '$1')) -ge [version]'3.25'
}

# The folder that the library was built in: one deeper where the generator knows several configurations at once, as Visual Studio's does.
function Get-NativeFolder([string]$Root = 'artifacts/native') {
    $folder = Join-Path $PSScriptRoot "$Root/native"
    if (Test-Path "$folder/Release") { "$folder/Release" } else { $folder }
}

# Builds the native library in a folder; the arguments go to CMake.
function Invoke-Native([string]$Folder, [string[]]$Options) {
    if (-not (Test-CMake)) {
        Stop-Build 'CMake 3.25 or newer is missing: winget install Kitware.CMake, brew install cmake, apt-get install cmake, or https://cmake.org/download'
    }
    $compilers = 'cl', 'c++', 'g++', 'clang++' | Where-Object { Get-Command $_ -ErrorAction SilentlyContinue }
    if (-not $compilers -and -not $IsWindows) { Stop-Build 'a C++17 compiler is missing: apt-get install g++, or xcode-select --install on a Mac' }
    if ((Get-Command nvcc -ErrorAction SilentlyContinue) -and $Options -notcontains '-DHYPERGRAD_CUDA=OFF') {
        $release = [int]((nvcc --version | Out-String) -replace '(?s).*release ([0-9]+)\..*', '$1')
        if ($IsLinux -and $release -lt 12 -and [int]((gcc -dumpversion) -split '\.')[0] -gt 11) {
            if (-not (Get-Command g++-11 -ErrorAction SilentlyContinue)) {
                Stop-Build "CUDA $release compiles with GCC 11 or older: apt-get install g++-11, or ./build.ps1 native -DHYPERGRAD_CUDA=OFF"
            }
            $Options = @("-DCMAKE_CUDA_HOST_COMPILER=$((Get-Command g++-11).Source)") + $Options
        }
    }
    cmake -S . -B $Folder -DCMAKE_BUILD_TYPE=Release @Options
    if ($LASTEXITCODE -eq 0) { cmake --build $Folder --config Release --parallel }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    Write-NativeContents $Folder
}

# Says what was built, as the library itself tells it, and why it has no CUDA where it might have.
function Write-NativeContents([string]$Folder) {
    $about = & (Join-Path (Get-NativeFolder $Folder) 'hypergrad_about')
    if ($LASTEXITCODE -ne 0) { Stop-Build "the native library in $Folder was built, but cannot be used: $about" }
    Write-Output "Built the native library in $(Get-NativeFolder $Folder): $about"
    if ($about -notlike '*without CUDA*') { return }
    $reason = if (Select-String -Quiet '^HYPERGRAD_CUDA:[A-Z]*=OFF$' "$Folder/CMakeCache.txt") {
        'HYPERGRAD_CUDA is OFF in this build folder; ./build.ps1 native -DHYPERGRAD_CUDA=AUTO looks for it again'
    }
    elseif (Get-Command nvcc -ErrorAction SilentlyContinue) {
        "CMake cannot compile with $((Get-Command nvcc).Source); ./build.ps1 native -DHYPERGRAD_CUDA=ON shows why"
    }
    else { 'there is no nvcc on the PATH; install a CUDA toolkit, 11.8 or newer, and build again' }
    Write-Output "Without CUDA: $reason"
}

# What runs from here uses the native library that was built here, unless the user names another one.
function Use-NativeLibrary {
    $built = 'libhypergrad.so', 'libhypergrad.dylib', 'hypergrad.dll' | Where-Object { Test-Path (Join-Path (Get-NativeFolder) $_) }
    if ($built -and -not $env:HYPERGRAD_NATIVE_PATH) { $env:HYPERGRAD_NATIVE_PATH = Get-NativeFolder }
}

# These verbs are scripts of bash: they are about Linux, or are run by whoever has Git for Windows.
function Invoke-Bash([string[]]$Command) {
    if (-not (Get-Command bash -ErrorAction SilentlyContinue)) { Stop-Build 'bash is missing: install Git for Windows, https://git-scm.com' }
    bash @Command
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Remove-Folder([string[]]$Folders) {
    foreach ($folder in $Folders) { if (Test-Path $folder) { Remove-Item -Recurse -Force $folder } }
}

switch ($Verb) {
    'run' {
        Invoke-Build 'src/Hypergrad.Cli'
        Use-NativeLibrary
        if ($Arguments.Count -eq 0) {
            Remove-Folder 'artifacts/run'
            $Arguments = 'tune', '--out', 'artifacts/run'
        }
        Invoke-Dotnet artifacts/bin/Hypergrad.Cli/release/Hypergrad.Cli.dll @Arguments
    }
    'test' {
        Assert-Dotnet
        $failed = 0
        if (Test-CMake) {
            Invoke-Native 'artifacts/native'
            if (Test-Path artifacts/native/native/tests/CTestTestfile.cmake) {
                ctest --test-dir artifacts/native/native -C Release --no-tests=error --output-on-failure
                $failed = $LASTEXITCODE
            }
            else { Write-Output "GoogleTest is not here: the native library's own tests are left out." }
            $env:HYPERGRAD_NATIVE_PATH = Get-NativeFolder
        }
        else { Write-Output 'CMake 3.25 or newer is not here: the native library and its tests are left out.' }
        Invoke-Build 'Hypergrad.sln'
        dotnet test --solution Hypergrad.sln --configuration Release --no-build @Arguments
        if ($LASTEXITCODE -ne 0) { $failed = $LASTEXITCODE }
        exit $failed
    }
    'native' { Invoke-Native 'artifacts/native' $Arguments }
    'bindings' {
        Assert-Dotnet
        Set-Location src/Hypergrad.Interop
        if ($env:HYPERGRAD_BINDINGS_GENERATOR) {
            & $env:HYPERGRAD_BINDINGS_GENERATOR '@bindings.rsp'
            exit $LASTEXITCODE
        }
        Invoke-Dotnet tool restore
        Invoke-Dotnet tool run ClangSharpPInvokeGenerator '@bindings.rsp'
    }
    'bench' {
        Invoke-Build 'bench/Hypergrad.Benchmarks'
        Use-NativeLibrary
        Invoke-Dotnet artifacts/bin/Hypergrad.Benchmarks/release/Hypergrad.Benchmarks.dll @Arguments
    }
    'experiments' {
        Invoke-Build 'bench/Hypergrad.Experiments'
        Use-NativeLibrary
        Invoke-Dotnet artifacts/bin/Hypergrad.Experiments/release/Hypergrad.Experiments.dll @Arguments
    }
    'pack' {
        Assert-Dotnet
        $folder, $options = if ($Arguments.Count -gt 0) { $Arguments[0], $Arguments[1..$Arguments.Count] } else { 'artifacts/packages', @() }
        $projects = @('src/Hypergrad.Interop', 'src/Hypergrad', 'src/Hypergrad.Onnx', 'src/Hypergrad.Parquet', 'src/Hypergrad.DataView',
            'src/Hypergrad.Interactive', 'src/Hypergrad.Cli')
        if (Test-CMake) {
            # Without a BLAS of this machine, which is not on every other.
            Invoke-Native 'artifacts/native-package' '-DHYPERGRAD_CBLAS=OFF', '-DBUILD_TESTING=OFF'
            $projects += 'src/Hypergrad.Native'
            $options = @("-p:NativeFolder=$(Get-NativeFolder 'artifacts/native-package')") + $options
        }
        else { Write-Output 'CMake 3.25 or newer is not here: no package of the native library is made, and the command brings none.' }
        foreach ($project in $projects) {
            Invoke-Dotnet pack $project --configuration Release --verbosity quiet --output $folder @options
        }
        Get-ChildItem $folder
    }
    'public-api' {
        Assert-Dotnet
        Invoke-Bash './build.sh', 'public-api'
    }
    'test-packages' {
        Assert-Dotnet
        Invoke-Bash 'tests/packaging/run.sh'
    }
    'test-simulated' {
        Assert-Dotnet
        Invoke-Bash './build.sh', 'test-simulated'
    }
    'gpu-bundle' {
        Assert-Dotnet
        Invoke-Bash 'tests/gpu/bundle.sh'
    }
    'gpu-check' { Invoke-Bash (@('tests/gpu/check.sh') + $Arguments) }
    'clean' { Remove-Folder 'artifacts', 'hypergrad-out' }
    { $_ -in 'help', '--help', '-h' } {
        @'
Usage: ./build.ps1 VERB [ARGUMENTS]

  run [ARGUMENTS]    build, and run the hypergrad command; without arguments its main job, tuning on generated digits
  test [ARGUMENTS]   build, and run all tests; those of the native library where CMake is found
  test-simulated     run the CUDA executor's tests on a simulated device, for machines without a GPU
  native [ARGUMENTS] build the native library in artifacts/native, with CUDA where nvcc is found; arguments go to CMake
  bindings           make the C# bindings of the native library again from its header
  bench [ARGUMENTS]  build, and run the benchmarks
  experiments NAME   build, and run an experiment of the papers, or all; pages in artifacts/experiments; --help lists them
  pack [FOLDER]      make the NuGet packages, in artifacts/packages unless told otherwise; with the native library where CMake is found
  public-api         list what the libraries offer in their PublicAPI.Unshipped.txt again, after a change of it
  test-packages      make packages and use them in programs built in every way, down to Native AOT
  gpu-bundle         make artifacts/hypergrad-gpu-bundle.tar.gz for a Linux x64 machine with a GPU, but without .NET and network
  gpu-check [FOLDER] there, in the unpacked bundle: build for the GPU, test and measure; results as JSON in the folder
  clean              remove everything that was built
  help               show this

Needs the .NET SDK, version 10 or newer; everything else is restored from NuGet. The native library needs CMake 3.25 and a C++ compiler,
and its CUDA half a CUDA toolkit, 11.8 or newer.
'@
    }
    default { Stop-Build "there is no verb `"$Verb`". ./build.ps1 help lists them." }
}
