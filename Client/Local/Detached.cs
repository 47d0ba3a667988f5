using System.CommandLine;
using System.Diagnostics;
using Client.Output;
using Sweeps.Log.Folder;

namespace Client.Local;

/// <summary>
/// A sweep that goes on in a process of its own after the command that started it has ended. The process gets the sweep's id in a variable, is not
/// ended by the terminal, and writes to <c>output.log</c> in the sweep's folder once it has taken the sweep's lock.
/// </summary>
public static class Detached
{
    private const string Variable = "SWEEP_DETACHED";
    private const string LogName = "output.log";

    private static readonly List<FaultTolerantWriter> Writers = [];

    /// <summary>The id of the sweep that this process was started for, or null.</summary>
    public static string? Sweep { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } sweep ? sweep : null;

    /// <summary>Adds a writer that goes to the log of a detached sweep.</summary>
    public static void Add(FaultTolerantWriter writer) => Writers.Add(writer);

    /// <summary>In the process of a detached sweep: what is written from now on goes to the sweep's folder. Elsewhere without effect.</summary>
    public static void Settle(SweepHome home)
    {
        if (Sweep is null)
            return;
        var file = TextWriter.Synchronized(new StreamWriter(Path.Combine(home.Folder(Sweep), LogName), append: true) { AutoFlush = true });
        foreach (var writer in Writers)
            writer.Redirect(file);
    }

    /// <summary>
    /// Starts this command line again in another process, without <c>--detach</c>, and returns when that process works on the sweep. If it ends
    /// before, its output is written here and its exit code returned.
    /// </summary>
    /// <param name="parse">The command line.</param>
    /// <param name="context">The folder and the terminal.</param>
    /// <param name="sweep">The id of the sweep.</param>
    /// <param name="cancel">Ends the other process, too.</param>
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
            $"Sweep {sweep} goes on in process {process.Id}. Watch it: ./sweep watch {sweep}   End it: ./sweep stop {sweep}   Its messages: {Path.Combine(context.Home.Folder(sweep), LogName)}",
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
        // Under `dotnet sweep.dll` the process is dotnet, whose first argument is the program.
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
