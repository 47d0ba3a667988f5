namespace Client.Exporting;

/// <summary>Files that are there whole or not at all.</summary>
public static class NewFile
{
    /// <summary>Writes beside the target and renames over it. Throws <see cref="UsageException"/> when the place cannot be written to.</summary>
    public static void Write(string path, Action<Stream> content)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var stream = File.Create(temporary))
                content(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new UsageException($"{path}: {problem.Message}", problem);
        }
    }
}
