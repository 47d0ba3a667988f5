using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Benchmarks;

/// <summary>
/// PyTorch or TorchSharp in a separate process, which trains one epoch per request (peers/torch_epoch.py, peers/TorchSharpPeer).
/// </summary>
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

    /// <summary>
    /// The speed of its matrix product (64 × 784) · (784 × 128), which distinguishes an optimized BLAS from the reference one.
    /// </summary>
    public double ProductGflops { get; }

    /// <summary>Starts a variant of a configuration; null if no Python has PyTorch.</summary>
    public static TorchPeer? Start(string dataFolder, string configuration, string variant)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "peers", "torch_epoch.py");
        return Pythons.Select(python => Start(python, [script, dataFolder, configuration, variant])).FirstOrDefault(peer => peer is not null);
    }

    /// <summary>
    /// Builds TorchSharpPeer; the first time NuGet downloads 600 MB. Returns the reason why it cannot run here, or null. The native library
    /// of TorchSharp needs the C++ library of GCC 13, which Debian 12 does not have.
    /// </summary>
    public static string? BuildTorchSharp()
    {
        if (!OperatingSystem.IsLinux() || !LoadedLibraryHas("libstdc++.so", "GLIBCXX_3.4.32"))
            return "TorchSharp needs Linux with the C++ library of GCC 13 (GLIBCXX_3.4.32)";
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", "-c", "Release", "-v", "q", "-nologo", TorchSharpFolder()]))!;
        build.WaitForExit();
        return build.ExitCode == 0 ? null : "TorchSharpPeer does not build";
    }

    /// <summary>Starts TorchSharp after <see cref="BuildTorchSharp"/>; null if it does not start.</summary>
    public static TorchPeer? StartTorchSharp(string dataFolder, string configuration) =>
        Start("dotnet", [Path.Combine(TorchSharpFolder(), "bin", "Release", "net10.0", "TorchSharpPeer.dll"), dataFolder, configuration]);

    private static TorchPeer? Start(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (!Avx512F.IsSupported)
        {
            // DOTNET_EnableAVX512=0 stands for a processor without AVX-512: the peer must not use it either.
            info.Environment["ATEN_CPU_CAPABILITY"] = "avx2";
            info.Environment["OPENBLAS_CORETYPE"] = "Haswell";
            info.Environment["ONEDNN_MAX_CPU_ISA"] = "AVX2";
        }
        var process = Process.Start(info)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var ready = process.StandardOutput.ReadLine()?.Split(' ');
        if (ready is ["ready", var version, var gflops])
            return new TorchPeer(process, version, double.Parse(gflops, CultureInfo.InvariantCulture));
        process.Kill();
        process.Dispose();
        return null;
    }

    /// <summary>Whether a library that this process has loaded contains a text: .NET itself loads the C++ library.</summary>
    private static bool LoadedLibraryHas(string library, string text) => Process.GetCurrentProcess().Modules.Cast<ProcessModule>()
        .Any(module => module.ModuleName.StartsWith(library, StringComparison.Ordinal) && File.ReadAllBytes(module.FileName).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text)) >= 0);

    private static string TorchSharpFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "peers", "TorchSharpPeer");

    /// <summary>CPU seconds of one epoch with validation.</summary>
    public double Epoch()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Description} ended in the middle of an epoch.");
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
