#!/usr/bin/env pwsh
# Runs build.sh, which has the one list of verbs, from PowerShell: `./build.ps1 help` lists them. On Windows by the bash that Git brings.
$ErrorActionPreference = 'Stop'
$bash = 'bash'
if ($env:OS -eq 'Windows_NT') {
    # Not whichever bash is on the PATH: that may be the one of a Linux beside Windows, which would build for Linux.
    $git = Get-Command git -ErrorAction SilentlyContinue
    if ($git) { $bash = Join-Path (Split-Path (Split-Path $git.Source)) 'bin/bash.exe' }
}
$program = Get-Command $bash -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
if (-not $program) {
    [Console]::Error.WriteLine('build.ps1: bash is missing, which the verbs of build.sh are written in. On Windows it comes with Git: https://git-scm.com')
    exit 1
}
# PowerShell takes -v:q and -DX=1.5 apart, into -v: and q, and into -DX=1 and .5: they are put together again.
$given = [System.Collections.Generic.List[string]]::new()
foreach ($each in $args) {
    $text = $each.PSObject.ToString()
    $last = if ($given.Count) { $given[$given.Count - 1] } else { '' }
    if ($last -match '^-.*:$' -or ($last -match '^-D.*=[0-9]+$' -and $text.StartsWith('.'))) {
        $given[$given.Count - 1] += $text
    } else {
        $given.Add($text)
    }
}
# Not by its name, for then PowerShell would put files for a * in an argument.
$start = [System.Diagnostics.ProcessStartInfo]::new($program.Source)
$start.ArgumentList.Add((Join-Path $PSScriptRoot 'build.sh'))
foreach ($each in $given) { $start.ArgumentList.Add($each) }
$process = [System.Diagnostics.Process]::Start($start)
$process.WaitForExit()
exit $process.ExitCode
