using System.Diagnostics;
using System.Text;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>The real command in a separate process, with the test's own folders.</summary>
internal sealed class SweepProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly StringBuilder output = new(), errors = new();
    private readonly string line;

    private SweepProcess(Process process, string line)
    {
        this.process = process;
        this.line = line;
        process.OutputDataReceived += (_, data) => Keep(output, data.Data);
        process.ErrorDataReceived += (_, data) => Keep(errors, data.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Standard output so far.</summary>
    public string Output => Read(output);

    /// <summary>Standard error so far.</summary>
    public string Errors => Read(errors);

    /// <summary>Starts <c>sweep ARGS</c> with this home. The process cannot find the real data sets.</summary>
    public static SweepProcess Start(string home, params string[] args) => Launch("", home, args);

    /// <summary>Runs a command with a shell redirection, such as <c>&gt;/dev/full</c>.</summary>
    public static (int ExitCode, string Output, string Errors) RunRedirected(string redirection, string home, params string[] args)
    {
        using var process = Launch(redirection, home, args);
        return (process.WaitForExit(), process.Output, process.Errors);
    }

    /// <summary>Runs a command with further environment variables.</summary>
    public static (int ExitCode, string Output, string Errors) RunWith(Dictionary<string, string> environment, string home, params string[] args)
    {
        using var process = Launch("", home, args, environment);
        return (process.WaitForExit(), process.Output, process.Errors);
    }

    /// <summary>Runs a command to its end in a working folder, with the interpreter of the tests as Python.</summary>
    public static (int ExitCode, string Output, string Errors) RunIn(string folder, string home, params string[] args)
    {
        var path = string.Join(Path.PathSeparator, Path.GetDirectoryName(PythonFactAttribute.Interpreter), Environment.GetEnvironmentVariable("PATH"));
        using var process = Launch("", home, args, new() { ["PATH"] = path, ["PYTHONDONTWRITEBYTECODE"] = "1" }, folder);
        return (process.WaitForExit(), process.Output, process.Errors);
    }

    private static SweepProcess Launch(string redirection, string home, string[] args, Dictionary<string, string>? environment = null, string? folder = null)
    {
        var dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        var start = redirection.Length == 0 ? new ProcessStartInfo(dotnet) : new ProcessStartInfo("sh", ["-c", $"exec \"$0\" \"$@\" {redirection}", dotnet]);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput) = (true, true, true);
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "sweep.dll"), .. args])
            start.ArgumentList.Add(argument);
        start.WorkingDirectory = folder ?? "";
        start.Environment["SWEEP_HOME"] = home;
        start.Environment.Remove("SWEEP_DATA");
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(home, "..", "cache");
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return new SweepProcess(Process.Start(start)!, "sweep " + string.Join(' ', args));
    }

    /// <summary>Runs a command to its end and returns its exit code.</summary>
    public static (int ExitCode, string Output, string Errors) Run(string home, params string[] args)
    {
        using var process = Start(home, args);
        return (process.WaitForExit(), process.Output, process.Errors);
    }

    /// <summary>Waits until a condition holds. False if the process ended before.</summary>
    public bool WaitUntil(Func<bool> condition)
    {
        var holds = false;
        Assert.True(SpinWait.SpinUntil(() => (holds = condition()) || process.HasExited, Patience), $"{line}: nothing happened. {Errors}");
        return holds;
    }

    /// <summary>Waits for the process to end and returns the exit code.</summary>
    public int WaitForExit()
    {
        Assert.True(process.WaitForExit(Patience), $"{line} does not end. {Output}{Errors}");
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }

    private static void Keep(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.AppendLine(line);
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
