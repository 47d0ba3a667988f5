using System.Runtime.InteropServices;

namespace Engine.Data;

/// <summary>Writes files that are complete or absent, even after a power failure.</summary>
public static partial class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file beside <paramref name="path"/>, flushes it to the disk, and renames it to <paramref name="path"/>. When
    /// <paramref name="content"/> throws, the temporary file is deleted and an existing file at <paramref name="path"/> stays unchanged.
    /// </summary>
    public static void Write(string path, Action<Stream> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        try
        {
            using (file)
            {
                content(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>
    /// Flushes a folder's entries to the disk, so that created and renamed files survive a power failure. Does nothing on Windows, where
    /// the file system itself does this.
    /// </summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
