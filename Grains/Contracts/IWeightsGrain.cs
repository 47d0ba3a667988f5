using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>
/// Hands out the weights of runs' best epochs to clients that reach the cluster and not its store. Key: that of the sweep's coordinator.
/// </summary>
[Version(1), Alias("sweeps.weights")]
public interface IWeightsGrain : IGrainWithStringKey
{
    /// <summary>A piece of the weights of a run's best epoch from a byte on, or null when none are kept.</summary>
    [Alias("read")]
    Task<WeightsPiece?> Read(int run, int offset, CancellationToken cancel = default);
}

/// <summary>A piece of weights. Pieces with the same SHA-256, which is that of the whole, belong together.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.weights-piece")]
public sealed record WeightsPiece(
    [property: Id(0)] int Epoch, [property: Id(1)] int Generation, [property: Id(2)] int Length, [property: Id(3)] byte[] Sha256,
    [property: Id(4)] byte[] Data);
