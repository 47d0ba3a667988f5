using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>
/// Sends the files that the programs of runs wrote to <c>SWEEP_OUT</c> to clients that can reach the cluster but not its store. The key is that of the
/// sweep's coordinator.
/// </summary>
[Version(1), Alias("sweeps.artifacts")]
public interface IArtifactGrain : IGrainWithStringKey
{
    /// <summary>Returns the files of a run, sorted by path.</summary>
    [Alias("list"), ReadOnly]
    Task<ArtifactMessage[]> List(int run, CancellationToken cancel = default);

    /// <summary>Returns a piece of a file from a position on, at most 1 MB long; empty at the end of the file and for a file that does not exist.</summary>
    [Alias("read"), ReadOnly]
    Task<byte[]> Read(int run, string path, long from, CancellationToken cancel = default);
}

/// <summary>A file in <c>SWEEP_OUT</c>: its path relative to that folder and its length in bytes.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.artifact")]
public sealed record ArtifactMessage([property: Id(0)] string Path, [property: Id(1)] long Bytes);
