# What ./test does, for Windows: builds, runs every test project, ends with the totals.
param([string]$Filter = "")
$root = Split-Path -Parent $PSScriptRoot
Write-Output "Building. The first time this restores packages and takes a minute or two."
dotnet build "$root\Distributed.sln" -c Release -v q -nologo "-clp:ErrorsOnly;NoSummary"
if ($LASTEXITCODE -ne 0) { exit 1 }

$arguments = @("test", "$root\Distributed.sln", "-c", "Release", "--no-build", "--nologo", "-v", "q", "--logger", "console;verbosity=minimal", "-m:1", "--blame-hang-timeout", "10m", "--blame-hang-dump-type", "none")
if ($Filter) { $arguments += @("--filter", "FullyQualifiedName~$Filter") }
$passed = 0; $failed = 0; $skipped = 0
& dotnet @arguments 2>&1 | ForEach-Object {
    Write-Output "$_"
    if ("$_" -match "Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+)") {
        $failed += [int]$Matches[1]; $passed += [int]$Matches[2]; $skipped += [int]$Matches[3]
    }
}
if ($LASTEXITCODE -ne 0 -and $failed -eq 0) { $failed = 1 }
Write-Output ""
if ($skipped -gt 0) { Write-Output "ATTENTION: $skipped tests were skipped; the reasons are above." }
Write-Output "$passed passed, $failed failed, $skipped skipped"
if ($failed -gt 0) { exit 1 }
