using Sweeps.Spec;

namespace Client;

/// <summary>Sweep files on disk.</summary>
public static class SweepFiles
{
    // Nobody writes a sweep file of this size by hand or by program; a data set given by mistake is larger.
    private const long MostBytes = 4 << 20;

    /// <summary>
    /// Reads and checks a sweep file. The text carries the sweep's name. Throws <see cref="UsageException"/> with all its mistakes.
    /// </summary>
    public static (SweepFile File, string Text) Read(FileInfo file)
    {
        try
        {
            if (!file.Exists)
                throw new UsageException(Directory.Exists(file.FullName)
                    ? $"{file}: this is a folder; expected a sweep file such as experiments/fashion-mnist-quick.yaml."
                    : $"{file}: no such file.");
            if (file.Length > MostBytes)
                throw new UsageException($"{file}: {file.Length:N0} bytes; a sweep file has at most {MostBytes:N0}.");
            var text = File.ReadAllText(file.FullName);
            var read = SweepFile.Parse(text, file.ToString()).Verify();
            return (read, Steering.SpecEdit.WithName(text, read));
        }
        catch (SweepFileException mistakes)
        {
            throw new UsageException(mistakes.Message, mistakes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {problem.Message}", problem);
        }
    }
}
