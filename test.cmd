@echo off
rem All tests: test.cmd - only those whose full name contains a text: test.cmd RungTests
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0.ci\test.ps1" %*
exit /b %errorlevel%
