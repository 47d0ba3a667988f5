using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>
/// Sends the output of the programs of runs to clients that can reach the cluster but not its store. The key is that of the sweep's coordinator.
/// </summary>
[Version(1), Alias("sweeps.output")]
public interface IOutputGrain : IGrainWithStringKey
{
    /// <summary>Returns a piece of the output of a run from a position on; empty if there is none.</summary>
    [Alias("read"), ReadOnly]
    Task<OutputMessage> Read(int run, long from, CancellationToken cancel = default);
}

/// <summary>A piece of output with the position of its first byte.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.output-piece")]
public sealed record OutputMessage([property: Id(0)] long Position, [property: Id(1)] byte[] Bytes);
