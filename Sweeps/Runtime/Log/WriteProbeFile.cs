namespace Sweeps.Log;

/// <summary>A temporary file that checks whether a folder can be written.</summary>
public static class WriteProbeFile
{
    /// <summary>
    /// Writes a page and deletes the file. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> if the folder cannot be written.
    /// </summary>
    public static async Task TryAsync(string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        await using var file = new FileStream(
            Path.Combine(folder, $".probe-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        await file.WriteAsync(new byte[4096], cancel);
    }
}
