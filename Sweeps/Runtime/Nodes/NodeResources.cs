using System.Diagnostics;
using System.Globalization;
using Sweeps.Programs;

namespace Sweeps.Nodes;

/// <summary>A GPU of a node.</summary>
/// <param name="Uuid">Its id, which <c>CUDA_VISIBLE_DEVICES</c> takes: <c>GPU-1a2b…</c>.</param>
/// <param name="Name">Its model.</param>
public sealed record Gpu(string Uuid, string Name);

/// <summary>
/// The cores, memory and GPUs of a node, which are dealt to the runs that ask for them (<see cref="ResourceRequest"/>). Shares of GPUs are packed:
/// the fullest device that fits is taken. Thread-safe.
/// </summary>
public sealed class NodeResources
{
    // A share that was given back must fit again although 1 − 0.1 − 0.2 + 0.2 + 0.1 is not exactly 1.
    private const double Rounding = 1e-9;

    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly double cpus;
    private readonly long memory;
    private readonly IReadOnlyList<Gpu> gpus;
    private readonly double[] freeGpus;
    private double freeCpus;
    private long freeMemory;

    /// <param name="cpus">The number of cores.</param>
    /// <param name="memory">Bytes.</param>
    /// <param name="gpus">The GPUs.</param>
    public NodeResources(double cpus, long memory, IReadOnlyList<Gpu> gpus)
    {
        (this.cpus, this.memory, this.gpus) = (cpus, memory, gpus);
        (freeCpus, freeMemory, freeGpus) = (cpus, memory, [.. gpus.Select(_ => 1.0)]);
    }

    /// <summary>The number of cores.</summary>
    public double Cpus => cpus;

    /// <summary>The memory in bytes.</summary>
    public long Memory => memory;

    /// <summary>The GPUs.</summary>
    public IReadOnlyList<Gpu> Gpus => gpus;

    /// <summary>The resources of this machine; the GPUs are those that <c>nvidia-smi</c> lists, or of them those in <c>CUDA_VISIBLE_DEVICES</c>.</summary>
    public static NodeResources Detect(Func<string, string?> variable) => new(
        Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Visible(QueryGpus(), variable("CUDA_VISIBLE_DEVICES")));

    /// <summary>What a node lacks for a run at the best of times, for people: <c>it has 0 GPUs, a run needs 1</c>; or null.</summary>
    public string? Lack(ResourceRequest need) => Lack(need, cpus, memory, gpus.Count);

    /// <summary>The same for a node with so many cores, bytes of memory and GPUs.</summary>
    public static string? Lack(ResourceRequest need, double cpus, long memory, int gpus)
    {
        if (need.Cpus > cpus)
            return string.Create(CultureInfo.InvariantCulture, $"it has {cpus:0.##} cores, a run needs {need.Cpus:0.##}");
        if (need.Gpus > gpus)
            return string.Create(CultureInfo.InvariantCulture, $"it has {gpus} GPUs, a run needs {need.Gpus:0.##}");
        return need.Memory > memory
            ? string.Create(CultureInfo.InvariantCulture, $"it has {memory / 1e9:0.#} GB of memory, a run needs {need.Memory / 1e9:0.#} GB")
            : null;
    }

    /// <summary>Takes what a run needs; null when that is not free now. The lease gives it back when it is disposed.</summary>
    public ResourceLease? TryTake(ResourceRequest need)
    {
        lock (gate)
        {
            if (need.Cpus > freeCpus + Rounding || need.Memory > freeMemory || DevicesFor(need.Gpus) is not { } devices)
                return null;
            var share = need.Gpus >= 1 ? 1 : need.Gpus;
            freeCpus -= need.Cpus ?? 0;
            freeMemory -= need.Memory;
            foreach (var device in devices)
                freeGpus[device] -= share;
            return new ResourceLease([.. devices.Select(device => gpus[device].Uuid)], () =>
            {
                lock (gate)
                {
                    freeCpus += need.Cpus ?? 0;
                    freeMemory += need.Memory;
                    foreach (var device in devices)
                        freeGpus[device] += share;
                }
            });
        }
    }

    /// <summary>What there is and what of it is free, for people: <c>8 cores (6 free), 31 GB, 2 GPUs (1.5 free)</c>.</summary>
    public override string ToString()
    {
        lock (gate)
            return string.Create(CultureInfo.InvariantCulture,
                $"{cpus:0.##} cores{Free(freeCpus, cpus)}, {memory / 1e9:0} GB{(freeMemory < memory ? $" ({freeMemory / 1e9:0} free)" : "")}")
                + (gpus.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {gpus.Count} GPU{(gpus.Count == 1 ? "" : "s")}{Free(freeGpus.Sum(), gpus.Count)}"));
    }

    private static string Free(double free, double all) => all - free > Rounding ? string.Create(CultureInfo.InvariantCulture, $" ({free:0.##} free)") : "";

    private List<int>? DevicesFor(double wanted)
    {
        if (wanted == 0)
            return [];
        var share = Math.Min(1, wanted);
        var fitting = Enumerable.Range(0, gpus.Count).Where(device => freeGpus[device] + Rounding >= share).OrderBy(device => freeGpus[device]).Take((int)Math.Ceiling(wanted)).ToList();
        return fitting.Count == (int)Math.Ceiling(wanted) ? fitting : null;
    }

    private static List<Gpu> QueryGpus()
    {
        try
        {
            using var query = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=uuid,name", "--format=csv,noheader"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = query.StandardError.ReadToEndAsync();
            var output = query.StandardOutput.ReadToEndAsync();
            // A driver that hangs must not keep the node from starting.
            if (!query.WaitForExit(QueryLimit))
            {
                query.Kill();
                return [];
            }
            errors.GetAwaiter().GetResult();
            return query.ExitCode != 0 ? [] : [.. output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(',', 2, StringSplitOptions.TrimEntries)).Where(fields => fields[0].Length > 0).Select(fields => new Gpu(fields[0], fields.ElementAtOrDefault(1) ?? ""))];
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>CUDA's rule: numbers or beginnings of ids, in this order; nothing after one that does not exist.</summary>
    private static List<Gpu> Visible(List<Gpu> all, string? visible) => visible is null ? all :
        [.. visible.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? all.ElementAtOrDefault(number) : all.Find(gpu => gpu.Uuid.StartsWith(name, StringComparison.Ordinal)))
            .TakeWhile(gpu => gpu is not null).OfType<Gpu>()];
}

/// <summary>What a run has taken of its node's resources, until it is disposed.</summary>
/// <param name="devices">The ids of the GPUs.</param>
/// <param name="release">Gives the resources back.</param>
public sealed class ResourceLease(IReadOnlyList<string> devices, Action release) : IDisposable
{
    private Action? release = release;

    /// <summary>The ids of the GPUs.</summary>
    public IReadOnlyList<string> Devices => devices;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}
