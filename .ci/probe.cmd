@echo off
rem Restores the packages of the Orleans half into nowhere; writes or removes the marker that Directory.Build.props reads.
if not exist "%~dp0..\artifacts" mkdir "%~dp0..\artifacts"
dotnet restore "%~dp0OrleansProbe" -v q -nologo > "%~dp0..\artifacts\orleans-probe.log" 2>&1
if errorlevel 1 (
  echo This package source lacks some Orleans packages: building without Orleans. 1>&2
  type nul > "%~dp0..\artifacts\orleans-unavailable"
) else (
  if exist "%~dp0..\artifacts\orleans-unavailable" del "%~dp0..\artifacts\orleans-unavailable"
)
type nul > "%~dp0..\artifacts\orleans-probed"
exit /b 0
