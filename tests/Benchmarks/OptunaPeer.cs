using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>Optuna in a separate process (peers/optuna_peer.py).</summary>
internal sealed class OptunaPeer : IDisposable
{
    private static readonly string[] Pythons = [Environment.GetEnvironmentVariable("SWEEP_PYTHON") ?? "python3", "/usr/bin/python3"];
    private readonly Process process;

    private OptunaPeer(Process process, string version) => (this.process, Version) = (process, version);

    /// <summary>Its version.</summary>
    public string Version { get; }

    /// <summary>Starts a script of the folder peers; null if no Python can import Optuna.</summary>
    public static OptunaPeer? Start(string name = "optuna_peer.py")
    {
        var script = Path.Combine(AppContext.BaseDirectory, "peers", name);
        foreach (var python in Pythons)
        {
            var info = new ProcessStartInfo(python, [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            var process = Process.Start(info)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            if (process.StandardOutput.ReadLine()?.Split(' ') is ["ready", var version])
                return new OptunaPeer(process, version);
            process.Kill();
            process.Dispose();
        }
        return null;
    }

    /// <summary>Runs a task of the script and returns its number.</summary>
    public double Do(string task) => double.Parse(Answer(task), CultureInfo.InvariantCulture);

    /// <summary>Sends a line to the script and returns the line that it answers.</summary>
    public string Answer(string task)
    {
        process.StandardInput.WriteLine(task);
        process.StandardInput.Flush();
        return process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"Optuna ended in the middle of '{task}'.");
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000))
            process.Kill();
        process.Dispose();
    }
}
