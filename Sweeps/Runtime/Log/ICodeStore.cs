using System.Security.Cryptography;
using Engine.Data;

namespace Sweeps.Log;

/// <summary>An archive in an <see cref="ICodeStore"/>.</summary>
/// <param name="Sha256">The hash, 64 hexadecimal digits.</param>
/// <param name="Bytes">The length in bytes.</param>
public sealed record StoredCode(string Sha256, long Bytes);

/// <summary>Reads the archives of code that clients send with their sweeps, by the SHA-256 of their bytes.</summary>
public interface ICodeReader
{
    /// <summary>Returns the archive with this hash, or null. Throws <see cref="InvalidDataException"/> if it is damaged.</summary>
    Task<byte[]?> LoadAsync(string sha256, CancellationToken cancel);
}

/// <summary>Stores the archives.</summary>
public interface ICodeStore : ICodeReader
{
    /// <summary>
    /// The time after a call of <see cref="SaveAsync"/> or <see cref="HasAsync"/> in which an archive is not deleted, because the client creates its sweep
    /// only after these calls.
    /// </summary>
    static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>Whether there is an archive with this hash, 64 hexadecimal digits. If so, <see cref="Grace"/> starts again.</summary>
    Task<bool> HasAsync(string sha256, CancellationToken cancel);

    /// <summary>Stores an archive under its hash and starts <see cref="Grace"/>. It may be repeated.</summary>
    Task SaveAsync(byte[] archive, CancellationToken cancel);

    /// <summary>Returns all archives whose <see cref="Grace"/> is over.</summary>
    Task<IReadOnlyList<StoredCode>> ListAsync(CancellationToken cancel);

    /// <summary>Deletes an archive that no sweep needs. Returns false if there is none, or if its <see cref="Grace"/> is not over.</summary>
    Task<bool> DeleteAsync(string sha256, CancellationToken cancel);

    /// <summary>The name of an archive: its SHA-256 in 64 lower-case hexadecimal digits.</summary>
    static string HashOf(byte[] archive) => Convert.ToHexStringLower(SHA256.HashData(archive));

    /// <summary>Whether a text has the form of a hash and is therefore safe as the name of a file.</summary>
    static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>Stores archives as files of a folder. The write time of a file is the start of its <see cref="ICodeStore.Grace"/>.</summary>
/// <param name="folder">The folder, which need not exist.</param>
/// <param name="time">The clock.</param>
public sealed class FolderCode(string folder, TimeProvider time) : ICodeStore
{
    private const string Extension = ".tar.gz";

    /// <inheritdoc/>
    public Task<bool> HasAsync(string sha256, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        var found = File.Exists(path);
        if (found)
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        return Task.FromResult(found);
    }

    /// <inheritdoc/>
    public Task SaveAsync(byte[] archive, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(PathOf(ICodeStore.HashOf(archive)), file => file.Write(archive));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> LoadAsync(string sha256, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        return !File.Exists(path) ? null
            : await File.ReadAllBytesAsync(path, cancel) is var archive && ICodeStore.HashOf(archive) == sha256 ? archive
            : throw new InvalidDataException($"{path} is damaged: its SHA-256 is not its name.");
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredCode>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<StoredCode>>(!Directory.Exists(folder) ? [] :
        [.. new DirectoryInfo(folder).EnumerateFiles("*" + Extension).Where(IsOld)
            .Select(file => new StoredCode(file.Name[..^Extension.Length], file.Length)).Where(code => ICodeStore.IsHash(code.Sha256))]);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string sha256, CancellationToken cancel)
    {
        var file = new FileInfo(PathOf(sha256));
        var old = file.Exists && IsOld(file);
        if (old)
            file.Delete();
        return Task.FromResult(old);
    }

    private bool IsOld(FileInfo file) => time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > ICodeStore.Grace;

    private string PathOf(string sha256) => ICodeStore.IsHash(sha256)
        ? Path.Combine(folder, sha256 + Extension)
        : throw new ArgumentException($"'{sha256}' is not a SHA-256 of 64 lower-case hexadecimal digits.", nameof(sha256));
}

/// <summary>
/// Caches archives of a store as files of a folder. Archives that were not used for <see cref="ICodeStore.Grace"/> are deleted when another archive is
/// fetched.
/// </summary>
/// <param name="folder">The folder, which need not exist.</param>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
public sealed class CodeCache(string folder, ICodeReader store, TimeProvider time) : ICodeReader
{
    private readonly FolderCode files = new(folder, time);

    /// <inheritdoc/>
    public async Task<byte[]?> LoadAsync(string sha256, CancellationToken cancel)
    {
        if (await files.HasAsync(sha256, cancel))
            try
            {
                return await files.LoadAsync(sha256, cancel);
            }
            catch (InvalidDataException)
            {
                // The cached file is damaged. Fetch the archive from the store again.
            }
        if (await store.LoadAsync(sha256, cancel) is not { } found)
            return null;
        foreach (var unused in await files.ListAsync(cancel))
            await files.DeleteAsync(unused.Sha256, cancel);
        await files.SaveAsync(found, cancel);
        return found;
    }
}
