using System.Diagnostics;
using System.Globalization;
using Sweeps.Programs;

namespace Sweeps.Nodes;

/// <summary>A GPU of a node.</summary>
/// <param name="Uuid">The id in the form of <c>CUDA_VISIBLE_DEVICES</c>: <c>GPU-1a2b…</c>.</param>
/// <param name="Name">The name of the model.</param>
public sealed record Gpu(string Uuid, string Name);

/// <summary>
/// Allocates the cores, memory and GPUs of a node to the runs that request them (<see cref="ResourceRequest"/>). A share of a GPU is taken from the
/// device with the smallest sufficient free share (best fit), which keeps whole devices free. Thread-safe.
/// </summary>
public sealed class NodeResources
{
    // The tolerance of comparisons: 1 − 0.1 − 0.2 + 0.2 + 0.1 is not exactly 1, and without it a request for 1 would then never fit again.
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
    /// <param name="memory">The memory in bytes.</param>
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

    /// <summary>
    /// Detects the resources of this machine. The GPUs are those that <c>nvidia-smi</c> lists, limited to those in <c>CUDA_VISIBLE_DEVICES</c> if
    /// <paramref name="variable"/>, which reads an environment variable, returns it.
    /// </summary>
    public static NodeResources Detect(Func<string, string?> variable) => new(
        Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Visible(QueryGpus(), variable("CUDA_VISIBLE_DEVICES")));

    /// <summary>
    /// Describes what this node lacks for a run even if it runs nothing else, as a clause for messages: <c>it has 0 GPUs, a run needs 1</c>. Null if it
    /// lacks nothing.
    /// </summary>
    public string? Lack(ResourceRequest need) => Lack(need, cpus, memory, gpus.Count);

    /// <summary>Describes what a node lacks that has <paramref name="cpus"/> cores, <paramref name="memory"/> bytes and <paramref name="gpus"/> GPUs.</summary>
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

    /// <summary>Allocates what a run needs; null if it is not free. Disposing of the lease frees it again.</summary>
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

    /// <summary>Describes the resources and what is free of them, for people: <c>8 cores (6 free), 31 GB, 2 GPUs (1.5 free)</c>.</summary>
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
            // Without the limit, a driver that hangs would prevent the start of the node.
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

    /// <summary>
    /// Selects GPUs as CUDA does: the variable lists numbers or prefixes of ids, its order is kept, and the first entry that does not exist ends the list.
    /// </summary>
    private static List<Gpu> Visible(List<Gpu> all, string? visible) => visible is null ? all :
        [.. visible.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? all.ElementAtOrDefault(number) : all.Find(gpu => gpu.Uuid.StartsWith(name, StringComparison.Ordinal)))
            .TakeWhile(gpu => gpu is not null).OfType<Gpu>()];
}

/// <summary>The resources of a node that are allocated to a run until the lease is disposed.</summary>
/// <param name="devices">The ids of the GPUs.</param>
/// <param name="release">Frees the resources; called at most once.</param>
public sealed class ResourceLease(IReadOnlyList<string> devices, Action release) : IDisposable
{
    private Action? release = release;

    /// <summary>The ids of the GPUs.</summary>
    public IReadOnlyList<string> Devices => devices;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}
