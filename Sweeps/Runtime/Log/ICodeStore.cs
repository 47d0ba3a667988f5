using System.Security.Cryptography;
using Engine.Data;

namespace Sweeps.Log;

/// <summary>Keeps the archives of code that clients send with their sweeps, by the SHA-256 of their bytes.</summary>
public interface ICodeStore
{
    /// <summary>Whether there is an archive with this hash, 64 hexadecimal digits.</summary>
    Task<bool> HasAsync(string sha256, CancellationToken cancel);

    /// <summary>Stores an archive under its hash. Storing it again has no further effect.</summary>
    Task SaveAsync(byte[] archive, CancellationToken cancel);

    /// <summary>Returns the archive with this hash, or null. Throws <see cref="InvalidDataException"/> if it is damaged.</summary>
    Task<byte[]?> LoadAsync(string sha256, CancellationToken cancel);

    /// <summary>The name of an archive: its SHA-256 in 64 lower-case hexadecimal digits.</summary>
    static string HashOf(byte[] archive) => Convert.ToHexStringLower(SHA256.HashData(archive));

    /// <summary>Whether a text has the form of a hash and is therefore safe as the name of a file.</summary>
    static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>Keeps archives as files of a folder, which may be a cache of another store.</summary>
/// <param name="folder">The folder, which need not exist.</param>
/// <param name="behind">The store whose archives the folder caches. It also receives what is saved. Null if the folder is the only store.</param>
public sealed class FolderCode(string folder, ICodeStore? behind = null) : ICodeStore
{
    /// <inheritdoc/>
    public async Task<bool> HasAsync(string sha256, CancellationToken cancel) =>
        File.Exists(PathOf(sha256)) || (behind is not null && await behind.HasAsync(sha256, cancel));

    /// <inheritdoc/>
    public async Task SaveAsync(byte[] archive, CancellationToken cancel)
    {
        if (behind is not null)
            await behind.SaveAsync(archive, cancel);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(PathOf(ICodeStore.HashOf(archive)), file => file.Write(archive));
    }

    /// <inheritdoc/>
    public async Task<byte[]?> LoadAsync(string sha256, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        if (File.Exists(path) && await File.ReadAllBytesAsync(path, cancel) is var archive && ICodeStore.HashOf(archive) == sha256)
            return archive;
        if (behind is null)
            return File.Exists(path) ? throw new InvalidDataException($"{path} is damaged: its SHA-256 is not its name.") : null;
        if (await behind.LoadAsync(sha256, cancel) is not { } found)
            return null;
        Directory.CreateDirectory(folder);
        AtomicFile.Write(path, file => file.Write(found));
        return found;
    }

    private string PathOf(string sha256) => ICodeStore.IsHash(sha256)
        ? Path.Combine(folder, sha256 + ".tar.gz")
        : throw new ArgumentException($"'{sha256}' is not a SHA-256 of 64 lower-case hexadecimal digits.", nameof(sha256));
}
