using System.Text;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Local;

/// <summary>Reads sweep files from disk.</summary>
public static class SweepFiles
{
    // The largest size of a sweep file: a data set that is given by mistake is refused before it is read into memory.
    private const long MaxBytes = 4 << 20;

    /// <summary>
    /// Reads and validates a sweep file. Returns it with its text for the log, which has the key <c>name</c> and absolute paths; paths in
    /// the file are relative to its folder. Throws <see cref="UsageException"/> with all errors.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="changes">Returns keys to set after the file has been read; see <see cref="SweepFileEdit.Set"/>.</param>
    /// <param name="elsewhere">See <see cref="SweepFile.Elsewhere"/>.</param>
    public static (SweepFile File, string Text) Read(
        FileInfo file, Func<SweepSpec, IReadOnlyList<(string Key, string Value)>>? changes = null, bool elsewhere = false)
    {
        var (read, text) = ReadAsWritten(file, elsewhere);
        if (changes?.Invoke(read.Spec) is not { Count: > 0 } set)
            return (read, text);
        var (changed, changedText) = SweepFileEdit.Apply(text, file.ToString(), set, elsewhere);
        return (changed, SweepFileEdit.ForLog(changedText, changed));
    }

    private static (SweepFile File, string Text) ReadAsWritten(FileInfo file, bool elsewhere)
    {
        try
        {
            if (!file.Exists)
                throw new UsageException(Directory.Exists(file.FullName)
                    ? $"{file}: this is a folder; expected a sweep file such as experiments/fashion-mnist-quick.yaml."
                    : $"{file}: no such file.");
            if (file.Length > MaxBytes)
                throw new UsageException($"{file}: {file.Length:N0} bytes; a sweep file has at most {MaxBytes:N0}.");
            var text = ReadText(file);
            var read = SweepFile.Parse(text, file.ToString());
            var rooted = SweepFileEdit.WithRootedPaths(text, read.Spec, file.DirectoryName!);
            if (rooted != text)
                read = SweepFile.Parse(rooted, file.ToString());
            read = (read with { Elsewhere = elsewhere }).Verify();
            return (read, SweepFileEdit.ForLog(rooted, read));
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
