using Grains.Contracts;
using Orleans;
using Sweeps.Log;
using Sweeps.Programs;

namespace Grains;

/// <summary>Collects the pieces of an archive in memory and stores the complete archive. A new activation starts at position 0 again.</summary>
public sealed class CodeGrain(ICodeStore store) : Grain, ICodeGrain
{
    private byte[] archive = [];
    private int arrived;

    private string Sha256 => GrainKeys.CodeHash(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<bool> Has(CancellationToken cancel) => store.HasAsync(Sha256, cancel);

    /// <inheritdoc/>
    public Task<bool> Delete(CancellationToken cancel) => store.DeleteAsync(Sha256, cancel);

    /// <inheritdoc/>
    public async Task<int> Write(int position, byte[] piece, int length, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, CodeArchive.MaxBytes);
        if (archive.Length != length)
            (archive, arrived) = (new byte[length], 0);
        if (position != arrived || piece.Length > length - arrived)
            return arrived;
        piece.CopyTo(archive, arrived);
        arrived += piece.Length;
        if (arrived < length)
            return arrived;
        DeactivateOnIdle();
        if (ICodeStore.HashOf(archive) != Sha256)
            throw new ArgumentException("The code arrived damaged. Submit the sweep again.", nameof(piece));
        await store.SaveAsync(archive, cancel);
        return arrived;
    }
}
