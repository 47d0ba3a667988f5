using Engine.Data;

namespace Client.Exporting;

/// <summary>Files that a person asked for.</summary>
public static class NewFile
{
    /// <summary>Writes the whole file or nothing. Throws <see cref="UsageException"/> when the place cannot be written to.</summary>
    public static void Write(string path, Action<Stream> content)
    {
        try
        {
            AtomicFile.Write(path, content);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {problem.Message}", problem);
        }
    }
}
