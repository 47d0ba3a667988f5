@echo off
rem The sweep command: builds what has changed since the last build, then runs the client.
setlocal
set root=%~dp0
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
where dotnet >nul 2>nul || (echo The .NET 10 SDK is needed and 'dotnet' was not found: https://dotnet.microsoft.com/download 1>&2 & exit /b 2)
if not exist "%root%Client\bin\Release\net10.0\sweep.dll" echo Building for the first time: restoring packages, then compiling. This takes a minute or two. 1>&2
dotnet build "%root%Client\Client.csproj" -c Release -v q -nologo -clp:ErrorsOnly;NoSummary 1>&2 || exit /b 1
dotnet "%root%Client\bin\Release\net10.0\sweep.dll" %*
exit /b %errorlevel%
