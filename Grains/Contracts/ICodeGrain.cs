using Orleans;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Grains.Contracts;

/// <summary>
/// Receives an archive of code from a client for the store, and deletes it. The key is <c>c-</c> and the SHA-256 of the archive in hexadecimal digits.
/// </summary>
[Version(2), Alias("sweeps.code")]
public interface ICodeGrain : IGrainWithStringKey
{
    /// <summary>Whether the store has the archive. If so, it is not deleted within the next hour.</summary>
    [Alias("has")]
    Task<bool> Has(CancellationToken cancel = default);

    /// <summary>
    /// Adds a piece at a position, and stores the archive when it has <paramref name="length"/> bytes. Returns the number of bytes that have arrived, which
    /// is the position of the next piece. A piece that is sent again, or is not the next one, has no effect. Throws <see cref="ArgumentException"/> for an
    /// archive that is too large or does not have the hash.
    /// </summary>
    [Alias("write")]
    Task<int> Write(int position, byte[] piece, int length, CancellationToken cancel = default);

    /// <summary>Deletes the archive. Returns false if there is none, or if a client has sent it or called <see cref="Has"/> within the last hour.</summary>
    [Alias("delete")]
    Task<bool> Delete(CancellationToken cancel = default);
}

/// <summary>An archive of code in the store: its SHA-256 and its length in bytes.</summary>
[GenerateSerializer, Immutable, Alias("sweeps.stored-code")]
public sealed record CodeMessage([property: Id(0)] string Sha256, [property: Id(1)] long Bytes);
