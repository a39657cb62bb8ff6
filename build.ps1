#!/usr/bin/env pwsh
# Runs build.sh, which has the one list of verbs, from PowerShell: `./build.ps1 help` lists them. On Windows by the bash that Git brings.
$ErrorActionPreference = 'Stop'
$bash = 'bash'
if ($env:OS -eq 'Windows_NT') {
    # Not whichever bash is on the PATH: that may be the one of a Linux beside Windows, which would build for Linux.
    $git = Get-Command git -ErrorAction SilentlyContinue
    if ($git) { $bash = Join-Path (Split-Path (Split-Path $git.Source)) 'bin/bash.exe' }
}
if (-not (Get-Command $bash -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('build.ps1: bash is missing, which the verbs of build.sh are written in. On Windows it comes with Git: https://git-scm.com')
    exit 1
}
& $bash (Join-Path $PSScriptRoot 'build.sh') @args
exit $LASTEXITCODE
