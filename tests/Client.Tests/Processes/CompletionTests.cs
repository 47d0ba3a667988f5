using System.Diagnostics;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>A test in a shell: reported as skipped, with the reason, if the shell is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute(string shell) => Skip = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, shell))) ? null : $"{shell} is not installed: apt-get install {shell}";
}

/// <summary>The scripts of <c>sweep completion</c> in their shells.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CompletionTests()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Path.Combine(folder["home"], "rings-abcde"));
        File.WriteAllText(folder["sweep"], $"#!/bin/sh\nexec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "sweep.dll")}' \"$@\"\n");
        File.SetUnixFileMode(folder["sweep"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The typed line, a completion that the shell must offer, and one that it must not offer.</summary>
    private static readonly (string Typed, string Offered, string Not)[] Lines =
        [("sweep impor", "importance", "export"), ("sweep top --met", "--metric", "--where"), ("sweep show rin", "rings-abcde", "importance")];

    [ShellFact("bash")]
    public void Bash() => Complete("bash", typed => $"""
        eval "$(sweep completion bash)"
        COMP_LINE='{typed}'; COMP_POINT=${"{#COMP_LINE}"}; COMP_WORDS=({typed}); COMP_CWORD=$(( ${"{#COMP_WORDS[@]}"} - 1 ))
        _sweep; printf '%s\n' "${"{COMPREPLY[@]}"}"
        """);

    [ShellFact("zsh")]
    public void Zsh() => Complete("zsh", typed => $$"""
        compdef() { :; }; _files() { :; }
        compadd() { shift; print -rl -- ${(M)@:#${words[-1]}*}; }
        eval "$(sweep completion zsh)"
        BUFFER='{{typed}}'; CURSOR=${#BUFFER}; words=({{typed}})
        _sweep
        """);

    [ShellFact("fish")]
    public void Fish() => Complete("fish", typed => $"sweep completion fish | source; complete -C '{typed}'");

    [ShellFact("pwsh")]
    public void PowerShell() => Complete("pwsh", typed => $"""
        sweep completion powershell | Out-String | Invoke-Expression
        $typed = 'Get-Date; {typed}'
        (TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches | ForEach-Object CompletionText
        """);

    public void Dispose() => folder.Dispose();

    private void Complete(string shell, Func<string, string> script)
    {
        foreach (var (typed, offered, not) in Lines)
        {
            var start = new ProcessStartInfo(shell, [shell == "pwsh" ? "-Command" : "-c", script(typed)]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PATH"] = $"{folder.Path}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment["SWEEP_HOME"] = folder["home"];
            start.Environment["HOME"] = folder["user"];
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            // fish writes a description behind a tab.
            var words = process.StandardOutput.ReadToEnd().Split('\n').Select(line => line.Split('\t')[0].Trim()).ToList();
            Assert.True(words.Contains(offered), $"{shell}, {typed}: {string.Join(' ', words)}\n{errors.GetAwaiter().GetResult()}");
            Assert.DoesNotContain(not, words);
        }
    }
}
