using System.Formats.Tar;

namespace Sweeps.Programs;

/// <summary>The tar archive of a folder of checkpoints. Symbolic links are kept as links, so that an archive has only the content of its folder.</summary>
internal static class CheckpointArchive
{
    /// <summary>
    /// Writes the archive of a folder to a file. Returns the names of sockets, named pipes and devices, which are left out, because an archive cannot restore
    /// them.
    /// </summary>
    public static IReadOnlyList<string> Pack(string folder, string file)
    {
        var leftOut = new List<string>();
        using var archive = new TarWriter(File.Create(file));
        foreach (var entry in ProgramFiles.In(folder))
        {
            var name = ProgramFiles.NameIn(folder, entry);
            if (ProgramFiles.IsSpecial(entry))
                leftOut.Add(name);
            else
                archive.WriteEntry(entry.FullName, name);
        }
        return leftOut;
    }

    /// <summary>
    /// Writes the content of an archive to an empty folder. Throws <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/> if the archive is
    /// damaged.
    /// </summary>
    public static void Unpack(string file, string folder)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var (links, folders) = (new List<(string Path, string Target)>(), new List<(string Path, UnixFileMode Mode)>());
        using var archive = new TarReader(File.OpenRead(file));
        while (archive.GetNextEntry() is { } entry)
        {
            var path = Path.GetFullPath(entry.Name, root);
            if (!path.StartsWith(root, StringComparison.Ordinal))
                throw new InvalidDataException($"The checkpoint has a file outside of its folder: {entry.Name}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    Directory.CreateDirectory(path);
                    folders.Add((path, entry.Mode));
                    break;
                case TarEntryType.SymbolicLink:
                    links.Add((path, entry.LinkName));
                    break;
                case TarEntryType.RegularFile:
                    entry.ExtractToFile(path, overwrite: true);
                    break;
            }
        }
        // Links are created after all files, so that no file is written through a link; modes are set last, because a folder may be read-only.
        foreach (var (path, target) in links)
            File.CreateSymbolicLink(path, target);
        if (!OperatingSystem.IsWindows())
            foreach (var (path, mode) in folders)
                File.SetUnixFileMode(path, mode);
    }
}
