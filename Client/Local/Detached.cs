using System.CommandLine;
using System.Diagnostics;
using Client.Output;
using Sweeps.Log.Folder;

namespace Client.Local;

/// <summary>
/// Runs a sweep in a background process that continues after the command has ended. The process receives the sweep's id in an environment
/// variable, ignores signals of the terminal, and writes to <c>output.log</c> in the sweep's folder after it has taken the sweep's lock.
/// </summary>
public static class Detached
{
    private const string Variable = "SWEEP_DETACHED";
    private const string LogName = "output.log";

    private static readonly List<FaultTolerantWriter> Writers = [];

    /// <summary>The id of the sweep for which this background process was started; null in other processes.</summary>
    public static string? Sweep { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } sweep ? sweep : null;

    /// <summary>Registers a writer that <see cref="Settle"/> redirects to the log.</summary>
    public static void Add(FaultTolerantWriter writer) => Writers.Add(writer);

    /// <summary>
    /// In a background process: redirects the registered writers to <c>output.log</c> in the sweep's folder. No effect in other processes.
    /// </summary>
    public static void Settle(SweepHome home)
    {
        if (Sweep is null)
            return;
        var file = TextWriter.Synchronized(new StreamWriter(Path.Combine(home.Folder(Sweep), LogName), append: true) { AutoFlush = true });
        foreach (var writer in Writers)
            writer.Redirect(file);
    }

    /// <summary>
    /// Starts this command line again, without <c>--detach</c>, in a background process, and returns when that process works on the sweep.
    /// If the process ends before, writes its output and returns its exit code.
    /// </summary>
    /// <param name="parse">The command line.</param>
    /// <param name="context">The folder and the terminal.</param>
    /// <param name="sweep">The id of the sweep.</param>
    /// <param name="cancel">Cancels the start and kills the background process.</param>
    public static async Task<ExitCode> StartAsync(ParseResult parse, CommandContext context, string sweep, CancellationToken cancel)
    {
        using var process = Process.Start(Command(parse, sweep, context.Home))
            ?? throw new IOException("The process for the sweep could not be started.");
        using var log = new FolderLog(context.Home, context.Time);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        try
        {
            while (!process.HasExited && log.Holder(sweep)?.StartsWith($"process {process.Id} ", StringComparison.Ordinal) != true)
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.HasExited)
        {
            context.Terminal.Out.Profile.Out.Writer.Write(await output);
            context.Terminal.Error.Profile.Out.Writer.Write(await errors);
            return (ExitCode)process.ExitCode;
        }
        context.Terminal.Answer(
            $"Sweep {sweep} goes on in process {process.Id}.\n  Watch it: ./sweep watch {sweep}\n  End it: ./sweep stop {sweep}\n  Its messages: {Path.Combine(context.Home.Folder(sweep), LogName)}",
            json =>
            {
                json.WriteString("sweep", sweep);
                json.WriteNumber("process", process.Id);
            });
        return ExitCode.Done;
    }

    private static ProcessStartInfo Command(ParseResult parse, string sweep, SweepHome home)
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // With `dotnet sweep.dll` the executable is dotnet and the program is its first argument.
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }
        foreach (var token in parse.Tokens.Where(token => token.Value != "--detach"))
            start.ArgumentList.Add(token.Value);
        start.Environment[Variable] = sweep;
        start.Environment[SweepHome.Variable] = home.Path;
        return start;
    }
}
