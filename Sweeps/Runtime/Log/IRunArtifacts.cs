namespace Sweeps.Log;

/// <summary>A file that a run's program left in <c>SWEEP_OUT</c>.</summary>
/// <param name="Path">Its path in that folder, with <c>/</c>.</param>
/// <param name="Bytes">Its length.</param>
public sealed record RunArtifact(string Path, long Bytes);

/// <summary>Reads the files that runs' programs left in <c>SWEEP_OUT</c>.</summary>
public interface IRunArtifacts
{
    /// <summary>The most bytes of a piece: the size of a message.</summary>
    const int PieceBytes = 1 << 20;

    /// <summary>The files of a run, sorted by path.</summary>
    Task<IReadOnlyList<RunArtifact>> ListAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>A piece of a file from a position on, at most <see cref="PieceBytes"/>; empty at its end and for a file that is not there.</summary>
    Task<byte[]> ReadAsync(string sweep, int run, string path, long from, CancellationToken cancel);
}

/// <summary>A store to which nodes copy the files of <c>SWEEP_OUT</c>, because runs move between nodes and nodes die.</summary>
public interface IArtifactStore : IRunArtifacts
{
    /// <summary>The most bytes that are kept of one run.</summary>
    const long MostBytes = 100_000_000;

    /// <summary>Stores a file, or replaces it, all or nothing.</summary>
    Task SaveAsync(string sweep, int run, string path, Stream content, CancellationToken cancel);

    /// <summary>Deletes a file.</summary>
    Task DeleteAsync(string sweep, int run, string path, CancellationToken cancel);
}

/// <summary>The files in the folders in which the programs of this machine, or of nodes with a shared folder, leave them.</summary>
/// <param name="folder">The folder of a sweep, which has one for each run.</param>
public sealed class FolderArtifacts(Func<string, string> folder) : IRunArtifacts
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<RunArtifact>> ListAsync(string sweep, int run, CancellationToken cancel)
    {
        var root = Of(sweep, run);
        return Task.FromResult<IReadOnlyList<RunArtifact>>(!Directory.Exists(root) ? [] : [.. new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => new RunArtifact(Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length))
            .OrderBy(file => file.Path, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string sweep, int run, string path, long from, CancellationToken cancel)
    {
        // The path comes from a client: only a file that is listed is read.
        if ((await ListAsync(sweep, run, cancel)).All(listed => listed.Path != path))
            return [];
        await using var file = new FileStream(Path.Combine(Of(sweep, run), path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Clamp(file.Length - from, 0, IRunArtifacts.PieceBytes)];
        file.Position = from;
        await file.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }

    /// <summary>The folder of a run's files: <c>r000017</c> in that of the sweep.</summary>
    public string Of(string sweep, int run) => Path.Combine(folder(SweepId.Check(sweep)), Programs.ProgramHost.NameOf(run));
}
