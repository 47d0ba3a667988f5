using System.IO.Compression;
using System.Text;
using Engine.Data;

namespace Engine.Formats;

/// <summary>
/// NumPy's <c>.npz</c>: a zip archive with one <c>.npy</c> array per tensor, read by <c>numpy.load</c>. The entry <c>metadata.json</c>
/// holds <see cref="TensorFile.Metadata"/>; <c>numpy.load</c> returns it as bytes.
/// </summary>
public static class Npz
{
    private const string MetadataEntry = "metadata.json";

    /// <summary>Writes tensors without compression and with a constant time stamp, so that equal tensors give equal bytes.</summary>
    public static void Write(Stream destination, TensorFile file)
    {
        using var archive = new ZipArchive(destination, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var tensor in file.Tensors)
        {
            using var entry = Create(archive, tensor.Name + ".npy");
            Npy.Write(entry, tensor);
        }
        if (file.Metadata is not null)
        {
            using var entry = Create(archive, MetadataEntry);
            entry.Write(Encoding.UTF8.GetBytes(file.Metadata));
        }
    }

    /// <summary>Reads an archive of float32 arrays. Throws <see cref="DataFileException"/>.</summary>
    public static TensorFile Read(byte[] content, string file)
    {
        string? metadata = null;
        var tensors = new List<Tensor>();
        foreach (var (name, bytes) in NpzArchive.Entries(content, file))
        {
            if (name == MetadataEntry)
                metadata = Encoding.UTF8.GetString(bytes);
            else
                tensors.Add(Npy.Read(bytes, file, Path.GetFileNameWithoutExtension(name)));
        }
        return new TensorFile(tensors, metadata);
    }

    private static Stream Create(ZipArchive archive, string name)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return entry.Open();
    }
}
