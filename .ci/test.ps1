# What ./test does, for Windows: builds, runs every test project, ends with the totals.
param([string]$Filter = "")
$root = Split-Path -Parent $PSScriptRoot
& "$PSScriptRoot\probe.cmd"
dotnet build "$root\Distributed.sln" -c Release -v q -nologo "-clp:ErrorsOnly;NoSummary"
if ($LASTEXITCODE -ne 0) { exit 1 }

$without = Test-Path "$root\artifacts\orleans-unavailable"
$passed = 0; $failed = 0; $skipped = 0
foreach ($project in Get-ChildItem "$root\tests\*\*.csproj" | Where-Object { Select-String -Quiet "Microsoft.NET.Test.Sdk" $_ } | Sort-Object Name) {
    if ($without -and (Select-String -Quiet "Orleans.TestingHost" $project)) { continue }
    Write-Output "-- $($project.BaseName)"
    $arguments = @("test", $project.FullName, "-c", "Release", "--no-build", "--nologo", "-v", "q")
    if ($Filter) { $arguments += @("--filter", "FullyQualifiedName~$Filter") }
    $output = & dotnet @arguments 2>&1 | Out-String
    $status = $LASTEXITCODE
    Write-Output $output.Trim()
    $f = 0
    if ($output -match "Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+)") {
        $f = [int]$Matches[1]; $passed += [int]$Matches[2]; $skipped += [int]$Matches[3]
    }
    if ($status -ne 0 -and $f -eq 0) { $f = 1 }
    $failed += $f
}
Write-Output ""
if ($without) { Write-Output "Tested the build WITHOUT Orleans." } else { Write-Output "Tested the build with Orleans." }
Write-Output "$passed passed, $failed failed, $skipped skipped"
if ($failed -gt 0) { exit 1 }
