using System.IO.Compression;
using System.IO.Hashing;

namespace Engine.Data;

/// <summary>NumPy's <c>.npz</c>: a zip archive with one <c>.npy</c> array per entry, compressed or not.</summary>
internal static class NpzArchive
{
    /// <summary>Reads all entries in file order. Throws <see cref="DataFileException"/> when the archive or an entry is damaged.</summary>
    public static List<(string Name, byte[] Content)> Entries(byte[] content, string file)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(content));
            var entries = new List<(string, byte[])>();
            foreach (var entry in archive.Entries)
            {
                if (entry.Length > Array.MaxLength)
                    throw new DataFileException(file, $"array '{Path.GetFileNameWithoutExtension(entry.FullName)}'", $"{entry.Length:N0} bytes", "at most 2 GB");
                using var stream = entry.Open();
                using var buffer = new MemoryStream();
                stream.CopyTo(buffer);
                // ZipArchive does not verify the checksum of an entry. Without this check damaged weights would predict wrong classes.
                if (Crc32.HashToUInt32(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) != entry.Crc32)
                    throw new DataFileException(file, $"array '{Path.GetFileNameWithoutExtension(entry.FullName)}'", "its checksum differs: the file is damaged", "an undamaged file: export it again");
                entries.Add((entry.FullName, buffer.ToArray()));
            }
            return entries;
        }
        catch (InvalidDataException e)
        {
            throw new DataFileException(file, null, $"not a valid zip archive ({e.Message.TrimEnd('.')})", "a NumPy .npz file", e);
        }
    }
}
