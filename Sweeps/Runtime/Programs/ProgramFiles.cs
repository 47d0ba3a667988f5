using System.Formats.Tar;
using System.IO.Enumeration;

namespace Sweeps.Programs;

/// <summary>
/// Lists a folder that a program writes. A symbolic link is an entry of its own and is never followed: it may lead to files outside of the folder, which
/// must not get into the store, or in a circle.
/// </summary>
internal static class ProgramFiles
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>
    /// Returns all folders, files and links in a folder and its subfolders. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> if
    /// they cannot be listed or the folder was replaced by a link.
    /// </summary>
    public static IEnumerable<FileSystemInfo> In(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null)
            throw new IOException("the folder was replaced by a symbolic link, which is not followed");
        return new FileSystemEnumerable<FileSystemInfo>(folder, (ref FileSystemEntry entry) => entry.ToFileSystemInfo(), Everything)
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
    }

    /// <summary>Returns the total size of the files in a folder. Throws as <see cref="In"/> does.</summary>
    public static long Size(string folder) => In(folder).OfType<FileInfo>().Where(file => !IsLink(file)).Sum(file => file.Length);

    /// <summary>Returns the path of an entry relative to the folder, with <c>/</c> as separator.</summary>
    public static string NameIn(string folder, FileSystemInfo entry) => Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Whether an entry is a symbolic link.</summary>
    public static bool IsLink(FileSystemInfo entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>Whether an entry is a file with content, not a folder, a link or a special file.</summary>
    public static bool IsFile(FileSystemInfo entry) => entry is FileInfo && !IsLink(entry) && !IsSpecial(entry);

    /// <summary>
    /// Whether an entry is a socket, a named pipe or a device. A socket cannot be opened, and reading a named pipe would block for ever. .NET gives the kind of
    /// a file only as the kind of its entry in an archive, which has no sockets. Only a file of length 0 can be special.
    /// </summary>
    public static bool IsSpecial(FileSystemInfo entry)
    {
        if (OperatingSystem.IsWindows() || entry is not FileInfo file || IsLink(file) || file.Length > 0)
            return false;
        using var archive = new MemoryStream();
        try
        {
            using var writer = new TarWriter(archive, leaveOpen: true);
            writer.WriteEntry(file.FullName, file.Name);
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return true;
        }
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry() is not { EntryType: TarEntryType.RegularFile };
    }

    /// <summary>Replaces a folder, or a link in its place, by an empty folder.</summary>
    public static void Empty(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null)
            File.Delete(folder);
        else if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }

    /// <summary>Lists names for a message, at most five.</summary>
    public static string Some(IReadOnlyCollection<string> names) => string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
}
