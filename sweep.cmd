@echo off
rem The sweep command: builds what has changed since the last build, then runs the client.
setlocal
set root=%~dp0
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
if not exist "%root%artifacts\orleans-probed" call "%root%.ci\probe.cmd"
dotnet build "%root%Client\Client.csproj" -c Release -v q -nologo -clp:ErrorsOnly;NoSummary 1>&2 || exit /b 1
dotnet "%root%Client\bin\Release\net10.0\sweep.dll" %*
exit /b %errorlevel%
