using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>
/// Returns the files that runs' programs left in <c>SWEEP_OUT</c> to clients that can reach the cluster but not its store. Key: that of the sweep's
/// coordinator.
/// </summary>
[Version(1), Alias("sweeps.artifacts")]
public interface IArtifactGrain : IGrainWithStringKey
{
    /// <summary>Returns the files of a run, sorted by path.</summary>
    [Alias("list"), ReadOnly]
    Task<ArtifactMessage[]> List(int run, CancellationToken cancel = default);

    /// <summary>Returns a piece of a file from a position on; empty at its end.</summary>
    [Alias("read"), ReadOnly]
    Task<byte[]> Read(int run, string path, long from, CancellationToken cancel = default);
}

/// <summary>A file in <c>SWEEP_OUT</c>.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.artifact")]
public sealed record ArtifactMessage([property: Id(0)] string Path, [property: Id(1)] long Bytes);
