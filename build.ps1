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

function Remove-Folder([string[]]$Folders) {
    foreach ($folder in $Folders) { if (Test-Path $folder) { Remove-Item -Recurse -Force $folder } }
}

switch ($Verb) {
    'run' {
        Invoke-Build 'src/Hypergrad.Cli'
        if ($Arguments.Count -eq 0) {
            Remove-Folder 'artifacts/run'
            $Arguments = 'tune', '--out', 'artifacts/run'
        }
        Invoke-Dotnet artifacts/bin/Hypergrad.Cli/release/Hypergrad.Cli.dll @Arguments
    }
    'test' {
        Invoke-Build 'Hypergrad.sln'
        Invoke-Dotnet test --solution Hypergrad.sln --configuration Release --no-build @Arguments
    }
    'bench' {
        Invoke-Build 'bench/Hypergrad.Benchmarks'
        Invoke-Dotnet artifacts/bin/Hypergrad.Benchmarks/release/Hypergrad.Benchmarks.dll @Arguments
    }
    'pack' {
        Assert-Dotnet
        foreach ($project in 'src/Hypergrad', 'src/Hypergrad.Cli') {
            Invoke-Dotnet pack $project --configuration Release --verbosity quiet --output artifacts/packages
        }
        Get-ChildItem artifacts/packages
    }
    'clean' { Remove-Folder 'artifacts', 'hypergrad-out' }
    { $_ -in 'help', '--help', '-h' } {
        @'
Usage: ./build.ps1 VERB [ARGUMENTS]

  run [ARGUMENTS]    build, and run the hypergrad command; without arguments its main job, tuning on generated digits
  test [ARGUMENTS]   build, and run all tests
  bench [ARGUMENTS]  build, and run the benchmarks
  pack               make the NuGet packages in artifacts/packages
  clean              remove everything that was built
  help               show this

Needs the .NET SDK, version 10 or newer; everything else is restored from NuGet.
'@
    }
    default { Stop-Build "there is no verb `"$Verb`". ./build.ps1 help lists them." }
}
