using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweeps.Programs.Python;

/// <summary>A sweep that a script defines by <c>wandb.sweep</c>, with the calls of <c>wandb.agent</c> for it.</summary>
/// <param name="Configuration">The dictionary; null if the sweep is defined by <paramref name="File"/> or outside of the script.</param>
/// <param name="File">The YAML file that the script names instead of a dictionary, or null.</param>
/// <param name="Function">The name of the function that trains, or null.</param>
/// <param name="Count">The number of runs, or null if the script does not limit it.</param>
/// <param name="Agents">The number of calls of <c>wandb.agent</c>.</param>
public sealed record CapturedSweep(JsonObject? Configuration, string? File, string? Function, long? Count, int Agents);

/// <summary>
/// Runs a script once to find the sweeps that it defines. During this run <c>wandb.agent</c> trains nothing, and the script ends after its last call.
/// </summary>
public static class ScriptCapture
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Returns the sweeps in the order of their definition. Throws <see cref="ProgramException"/> if the script fails, or has run for ten minutes, before it
    /// calls <c>wandb.agent</c>.
    /// </summary>
    /// <param name="modules">The Python modules.</param>
    /// <param name="script">The script or notebook, relative to <paramref name="folder"/>.</param>
    /// <param name="arguments">The arguments of the script.</param>
    /// <param name="folder">The working folder.</param>
    /// <param name="output">Receives the lines that the script writes.</param>
    /// <param name="cancel">Ends the script.</param>
    public static Task<IReadOnlyList<CapturedSweep>> RunAsync(
        PythonModules modules, string script, IReadOnlyList<string> arguments, string folder, Action<string> output, CancellationToken cancel) =>
        RunAsync(modules, script, arguments, folder, output, Limit, cancel);

    internal static async Task<IReadOnlyList<CapturedSweep>> RunAsync(
        PythonModules modules, string script, IReadOnlyList<string> arguments, string folder, Action<string> output, TimeSpan limit, CancellationToken cancel)
    {
        var captured = Path.GetTempFileName();
        try
        {
            var interpreter = Executables.Interpreter(Environment.GetEnvironmentVariable("PATH") ?? "");
            var start = new ProcessStartInfo(interpreter, ["-m", "sweep_script", "--capture", captured, script, .. arguments])
            {
                WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            var own = Environment.GetEnvironmentVariable("PYTHONPATH");
            start.Environment["PYTHONPATH"] = string.Join(Path.PathSeparator, new[] { modules.Reports, modules.Wandb, own }.Where(path => path is { Length: > 0 }));
            start.Environment["PYTHONUNBUFFERED"] = "1";
            var last = new LastLines();
            var exit = await RunAsync(start, interpreter, line =>
            {
                last.Add(line);
                output(line);
            }, limit, cancel);
            var sweeps = Read(await File.ReadAllTextAsync(captured, cancel));
            if (exit == 0 || sweeps.Any(sweep => sweep.Agents > 0))
                return sweeps;
            var missing = sweeps.Count == 0 ? "defined a sweep" : "called wandb.agent";
            var what = exit is null
                ? $"was ended after {limit.TotalMinutes:0.##} minutes, before it {missing}: what comes before wandb.agent runs once for the sweep and again in every run, "
                    + "so put long work into the function that trains."
                : $"failed before it {missing}.";
            throw new ProgramException($"{script} {what}{(last.Text(3) is { Length: > 0 } text ? $" Its last output: {text}" : "")}", permanent: true);
        }
        finally
        {
            File.Delete(captured);
        }
    }

    /// <summary>Runs the process to its end and returns its exit code; ends it at the limit and returns null.</summary>
    private static async Task<int?> RunAsync(ProcessStartInfo start, string interpreter, Action<string> line, TimeSpan limit, CancellationToken cancel)
    {
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new ProgramException($"'{interpreter}' cannot be started: {missing.Message}. Python 3 must be on the PATH.", permanent: true);
        }
        process.StandardInput.Close();
        var gate = new Lock();
        process.OutputDataReceived += Forward;
        process.ErrorDataReceived += Forward;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ended.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(ended.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            return null;
        }

        void Forward(object _, DataReceivedEventArgs data)
        {
            if (data.Data is not { } text)
                return;
            lock (gate)
                line(text);
        }
    }

    private static List<CapturedSweep> Read(string json)
    {
        try
        {
            return json.Length == 0 ? [] : [.. JsonNode.Parse(json)!.AsArray().Select(one => new CapturedSweep(
                one!["config"] as JsonObject, (string?)one["file"], (string?)one["function"], (long?)one["count"], (int)one["agents"]!))];
        }
        catch (JsonException e)
        {
            // The dictionary has NaN or Infinity, which Python writes but JSON does not have and no distribution accepts.
            throw new ProgramException($"The dictionary of the sweep is not usable: {e.Message}", permanent: true);
        }
    }
}
