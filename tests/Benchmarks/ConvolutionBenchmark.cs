using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Engine.Convolution;
using Engine.Data;
using Engine.Training;

namespace Benchmarks;

/// <summary>
/// Configuration E: CPU seconds per epoch of 54,000 images and validation on 6,000, of the engine and of PyTorch with images in
/// channels-last order, its best, in alternation on one pinned core.
/// </summary>
internal static class ConvolutionBenchmark
{
    private const int Rounds = 3;

    /// <summary>The network; the same one stands in peers/torch_epoch.py.</summary>
    public static TrainingOptions Options { get; } = new()
    {
        Convolutions = [.. new[] { 16, 32, 64, 128, 256 }.Select(filters => new ConvolutionOptions { Filters = filters, Pooling = "max", PoolOnlyWhereItFits = true })],
        HiddenSizes = [512],
        Initializer = "he",
        BatchSize = 64,
    };

    public static int Run()
    {
        var folder = Environment.GetEnvironmentVariable(DataOptions.FolderVariable);
        if (folder is null || !Directory.Exists(Path.Combine(folder, "fashion-mnist")))
        {
            Console.Error.WriteLine($"Set {DataOptions.FolderVariable} to the folder that holds fashion-mnist/.");
            return 2;
        }
        if (OperatingSystem.IsLinux())
            Process.GetCurrentProcess().ProcessorAffinity = 1 << (Environment.ProcessorCount - 1);
        var data = DatasetCatalog.Shared.Load("fashion-mnist", new DataOptions { Folders = [folder] });
        using var trainer = new Trainer(data, Options, seed: 1);
        using var peer = StartPeer(Path.Combine(folder, "fashion-mnist"));
        var version = peer?.StandardOutput.ReadLine()?.Replace("ready", "PyTorch", StringComparison.Ordinal);
        if (version is null)
            Console.WriteLine("SKIPPED: there is no python3 with PyTorch to compare with.");

        Console.WriteLine($"| round | engine, s | {version ?? "PyTorch"} channels last, s | ratio |");
        Console.WriteLine("|---|---|---|---|");
        for (var round = 1; round <= Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            trainer.TrainEpoch(CancellationToken.None);
            var ours = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            var theirs = version is null ? double.NaN : PeerEpoch(peer!);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {ours:F2} | {theirs:F2} | {theirs / ours:F2} |"));
        }
        peer?.StandardInput.Close();
        return 0;
    }

    private static double PeerEpoch(Process peer)
    {
        peer.StandardInput.WriteLine();
        peer.StandardInput.Flush();
        return double.Parse(peer.StandardOutput.ReadLine()!.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Inherits the pinning.</summary>
    private static Process? StartPeer(string folder, [CallerFilePath] string here = "")
    {
        var script = Path.Combine(Path.GetDirectoryName(here)!, "peers", "torch_epoch.py");
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        try
        {
            return Process.Start(new ProcessStartInfo(python, [script, folder, "E", "channels_last"]) { RedirectStandardInput = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
