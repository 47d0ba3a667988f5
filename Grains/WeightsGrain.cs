using System.Security.Cryptography;
using Grains.Contracts;
using Orleans;
using Sweeps.Log;

namespace Grains;

/// <summary>
/// Reads the weights of a run from the store and returns them in pieces of 1 MB. It keeps them in memory until the last piece was read; a new
/// activation reads them from the store again.
/// </summary>
public sealed class WeightsGrain(ICheckpointStore checkpoints) : Grain, IWeightsGrain
{
    private const int PieceLength = 1 << 20;

    private StoredCheckpoint? weights;
    private byte[] sha256 = [];

    /// <inheritdoc/>
    public async Task<WeightsPiece?> Read(int run, int offset, CancellationToken cancel)
    {
        if (offset == 0 || weights?.Run != run)
        {
            weights = await checkpoints.LoadBestAsync(GrainKeys.Sweep(this.GetPrimaryKeyString()), run, cancel);
            if (weights is null)
                return null;
            sha256 = SHA256.HashData(weights.Data.Span);
        }
        var length = weights.Data.Length;
        var begin = Math.Min(offset, length);
        var end = Math.Min(begin + PieceLength, length);
        var piece = new WeightsPiece(weights.Epoch, weights.Generation, length, sha256, weights.Data[begin..end].ToArray());
        if (end == length)
        {
            weights = null;
            DeactivateOnIdle();
        }
        return piece;
    }
}
