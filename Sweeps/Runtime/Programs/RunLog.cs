using System.Text;

namespace Sweeps.Programs;

/// <summary>
/// The output of a run, appended to a file. At half of its limit the file becomes the older half, <c>r000017.1.log</c>, and replaces the one
/// before, so that the newest output is kept.
/// </summary>
/// <param name="folder">The folder of the sweep's logs.</param>
/// <param name="run">The run.</param>
/// <param name="limit">The most bytes of both files together.</param>
internal sealed class RunLog(string folder, int run, long limit) : IDisposable
{
    private FileStream? file;

    /// <summary>The files of a run's output, the older half first; not all of them need exist.</summary>
    public static IReadOnlyList<string> Files(string folder, int run) =>
        [Path.Combine(folder, $"{ProgramHost.NameOf(run)}.1.log"), Path.Combine(folder, $"{ProgramHost.NameOf(run)}.log")];

    /// <summary>Appends output. A disk that is full loses output, not the run.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            file ??= Open();
            if (file.Length + bytes.Length > limit / 2 && file.Length > 0)
                Rotate();
            file.Write(bytes[^(int)Math.Min(bytes.Length, limit / 2)..]);
            file.Flush();
        }
        catch (IOException)
        {
            Dispose();
        }
    }

    /// <summary>Appends a line of this product, so that it is seen where the program's own output is read.</summary>
    public void Note(string text) => Write(Encoding.UTF8.GetBytes($"[sweep] {text}\n"));

    /// <inheritdoc/>
    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(folder);
        return new FileStream(Files(folder, run)[1], FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    private void Rotate()
    {
        Dispose();
        var names = Files(folder, run);
        File.Move(names[1], names[0], overwrite: true);
        file = Open();
    }
}
