using System.Globalization;

namespace Sweeps.Log.Folder;

/// <summary>
/// Keeps the output of runs in files such as <c>logs/r000017/000000000000.log</c>, whose name is the position of their first byte. Appends fill a file
/// up to half of the limit; the newest two files are kept.
/// </summary>
public sealed class FolderOutputs(SweepHome home) : IRunOutputs
{
    /// <inheritdoc/>
    public long MaxBytesPerSecond => long.MaxValue;

    /// <inheritdoc/>
    public Task<long> EndAsync(string sweep, int run, CancellationToken cancel) => Task.FromResult(
        Files(sweep, run) is [.., var last] ? last.Position + new FileInfo(last.Path).Length : 0);

    /// <inheritdoc/>
    public Task AppendAsync(string sweep, int run, long position, ReadOnlyMemory<byte> bytes, long limit, CancellationToken cancel)
    {
        var files = Files(sweep, run);
        // A gap starts a new file too, because the position of a byte is computed from the name of its file.
        var last = files is [.., var newest] && newest.Position + new FileInfo(newest.Path).Length == position && position + bytes.Length - newest.Position <= Math.Max(1, limit / 2)
            ? newest.Path
            : Path.Combine(Directory.CreateDirectory(home.Logs(sweep, run)).FullName, string.Create(CultureInfo.InvariantCulture, $"{position:D12}.log"));
        using (var file = new FileStream(last, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            file.Write(bytes.Span);
        foreach (var old in files.Where(file => file.Path != last).SkipLast(1))
            File.Delete(old.Path);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<OutputPiece> ReadAsync(string sweep, int run, long from, CancellationToken cancel)
    {
        foreach (var (position, path) in Files(sweep, run))
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                if (position + file.Length <= from)
                    continue;
                var begin = Math.Max(position, from);
                file.Position = begin - position;
                var bytes = new byte[Math.Min(OutputPiece.MaxBytes, file.Length - file.Position)];
                file.ReadExactly(bytes);
                return Task.FromResult(new OutputPiece(begin, bytes));
            }
            catch (FileNotFoundException)
            {
                // AppendAsync has deleted the file meanwhile, because newer files have reached the limit.
            }
        return Task.FromResult(new OutputPiece(from, []));
    }

    private List<(long Position, string Path)> Files(string sweep, int run) => !Directory.Exists(home.Logs(sweep, run)) ? [] :
        [.. Directory.EnumerateFiles(home.Logs(sweep, run), "*.log")
            .Select(path => (long.TryParse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture, out var position) ? position : -1, path))
            .Where(file => file.Item1 >= 0).OrderBy(file => file.Item1)];
}
