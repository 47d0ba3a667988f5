using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>
/// Sends the weights of the best epochs of runs to clients that can reach the cluster but not its store. The key is that of the sweep's coordinator.
/// </summary>
[Version(1), Alias("sweeps.weights")]
public interface IWeightsGrain : IGrainWithStringKey
{
    /// <summary>Returns a piece of the weights of a run's best epoch from the byte <paramref name="offset"/> on; null if none are stored.</summary>
    [Alias("read")]
    Task<WeightsPiece?> Read(int run, int offset, CancellationToken cancel = default);
}

/// <summary>A piece of weights. <paramref name="Sha256"/> is the hash of all pieces together, so that the client detects changed weights.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.weights-piece")]
public sealed record WeightsPiece(
    [property: Id(0)] int Epoch, [property: Id(1)] int Generation, [property: Id(2)] int Length, [property: Id(3)] byte[] Sha256,
    [property: Id(4)] byte[] Data);
