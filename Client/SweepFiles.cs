using System.Text;
using Sweeps.Files;

namespace Client;

/// <summary>Sweep files on disk.</summary>
public static class SweepFiles
{
    // Nobody writes a sweep file of this size by hand or by program; a data set given by mistake is larger.
    private const long MostBytes = 4 << 20;

    /// <summary>
    /// Reads and checks a sweep file. The text carries the sweep's name, and paths in full: in the file they count from its folder. Throws
    /// <see cref="UsageException"/> with all its mistakes.
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
            var text = ReadText(file);
            var folder = file.DirectoryName!;
            text = Steering.SpecEdit.WithRootedPaths(text, SweepFile.Parse(text, file.ToString()).Spec.Trainable, folder);
            var read = SweepFile.Parse(text, file.ToString()).Verify();
            return (read, Steering.SpecEdit.ForLog(text, read));
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

    private static string ReadText(FileInfo file)
    {
        try
        {
            using var reader = new StreamReader(file.FullName, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException problem)
        {
            throw new UsageException($"{file}: this is not UTF-8 text. Save it as UTF-8 (Latin-1 to UTF-8: iconv -f latin1 -t utf8).", problem);
        }
    }
}
