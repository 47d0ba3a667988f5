using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>PyTorch in a process of its own, which trains one epoch when asked to (peers/torch_epoch.py).</summary>
internal sealed class TorchPeer : IDisposable
{
    private static readonly string[] Pythons = [Environment.GetEnvironmentVariable("SWEEP_PYTHON") ?? "python3", "/usr/bin/python3"];
    private readonly Process process;

    private TorchPeer(Process process, string description, double productGflops)
    {
        this.process = process;
        Description = description;
        ProductGflops = productGflops;
    }

    /// <summary>Its version.</summary>
    public string Description { get; }

    /// <summary>What its matrix product reaches at (64 × 784) · (784 × 128): tells an optimized BLAS from the reference one.</summary>
    public double ProductGflops { get; }

    /// <summary>Starts a variant of a configuration; null where no Python has PyTorch.</summary>
    public static TorchPeer? Start(string dataFolder, string configuration, string variant)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "peers", "torch_epoch.py");
        foreach (var python in Pythons)
        {
            var info = new ProcessStartInfo(python, [script, dataFolder, configuration, variant])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            var process = Process.Start(info)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var ready = process.StandardOutput.ReadLine()?.Split(' ');
            if (ready is ["ready", var version, var gflops])
                return new TorchPeer(process, version, double.Parse(gflops, CultureInfo.InvariantCulture));
            process.Kill();
            process.Dispose();
        }
        return null;
    }

    /// <summary>CPU seconds of one epoch with validation.</summary>
    public double Epoch()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch ended in the middle of an epoch.");
        return double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000))
            process.Kill();
        process.Dispose();
    }
}
