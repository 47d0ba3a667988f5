using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tests.Shared;

/// <summary>
/// A real process that can be killed, frozen and awaited, and that never outlives the tests. Its parent is a shell that kills it when the
/// shell's input ends, which also happens when the test process crashes. Signals are requested through the same input.
/// </summary>
public sealed class GuardedProcess : IAsyncDisposable
{
    private const string Guard = """
        exec 3<&0 </dev/null
        # A shell without a terminal starts what it puts into the background with SIGINT ignored; the program must be able to receive it.
        env --default-signal=INT true 2>/dev/null && set -- env --default-signal=INT "$@"
        bash -c 'echo "$$"; exec "$@"' child "$@" 3<&- &
        child=$!
        { while read -r signal; do kill -"$signal" "$child"; done; kill -KILL "$child"; } <&3 2>/dev/null &
        reader=$!
        wait "$child"
        status=$?
        kill "$reader" 2>/dev/null
        exit "$status"
        """;

    private readonly Process guard;
    private readonly StringBuilder text = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> waiting = [];
    private readonly TaskCompletionSource<int> id = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GuardedProcess(ProcessStartInfo start)
    {
        guard = new Process { StartInfo = start, EnableRaisingEvents = true };
        guard.OutputDataReceived += (_, line) => ReadOutput(line.Data);
        guard.ErrorDataReceived += (_, line) => Read(line.Data);
        guard.Start();
        guard.BeginOutputReadLine();
        guard.BeginErrorReadLine();
        _ = EndAsync();
    }

    /// <summary>Starts a program. Variables with the value null are removed from the environment.</summary>
    public static async Task<GuardedProcess> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-c", Guard, "guard", program, .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        var process = new GuardedProcess(start);
        await process.id.Task;
        return process;
    }

    /// <summary>The program's process number.</summary>
    public int Id => id.Task.Result;

    /// <summary>Completes when the program has ended and all its output is read.</summary>
    public Task Ended => ended.Task;

    /// <summary>The exit code of the program; 128 + n after signal n.</summary>
    public int ExitCode => guard.ExitCode;

    /// <summary>All that the program has written so far.</summary>
    public string Output
    {
        get
        {
            lock (text)
                return text.ToString();
        }
    }

    /// <summary>Sends a signal: <c>KILL</c>, <c>STOP</c>, <c>CONT</c>, <c>TERM</c> …</summary>
    public void Signal(string name)
    {
        try
        {
            guard.StandardInput.WriteLine(name);
            guard.StandardInput.Flush();
        }
        catch (IOException) when (guard.HasExited)
        {
            // The program has just ended.
        }
    }

    /// <summary>Kills the program and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Signal("KILL");
        await Ended;
    }

    /// <summary>Waits until the program has written a text. Throws with its whole output if it ends before, or after a minute.</summary>
    public async Task SawAsync(string expected)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (text)
        {
            if (text.ToString().Contains(expected, StringComparison.Ordinal))
                return;
            waiting.Add((expected, seen));
        }
        var first = await Task.WhenAny(seen.Task, Ended).WaitAsync(TimeSpan.FromMinutes(1));
        if (first != seen.Task && !Output.Contains(expected, StringComparison.Ordinal))
            throw new InvalidOperationException($"The process ended ({ExitCode}) before it wrote '{expected}'. It wrote:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        guard.Dispose();
    }

    /// <summary>Runs a program to its end and returns its output. Throws if it fails.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await using var process = await StartAsync(program, arguments, environment);
        await process.Ended;
        return process.ExitCode == 0 ? process.Output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{process.Output}");
    }

    /// <summary>
    /// Reads a line of output. The first line is the process id, which the process writes before it executes the program.
    /// </summary>
    private void ReadOutput(string? line)
    {
        if (id.Task.IsCompleted || line is null)
            Read(line);
        else
            id.TrySetResult(int.Parse(line, CultureInfo.InvariantCulture));
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (text)
        {
            text.Append(line).Append('\n');
            waiting.RemoveAll(wait => line.Contains(wait.Text, StringComparison.Ordinal) && wait.Seen.TrySetResult());
        }
    }

    private async Task EndAsync()
    {
        await guard.WaitForExitAsync();
        id.TrySetException(new InvalidOperationException("The guard's shell did not start."));
        ended.TrySetResult();
    }
}
