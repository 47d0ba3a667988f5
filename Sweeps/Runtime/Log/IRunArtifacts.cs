namespace Sweeps.Log;

/// <summary>A file that a run's program wrote to <c>SWEEP_OUT</c>.</summary>
/// <param name="Path">The path relative to that folder, with <c>/</c> as separator.</param>
/// <param name="Bytes">The length in bytes.</param>
public sealed record RunArtifact(string Path, long Bytes);

/// <summary>Reads the files that the programs of runs wrote to <c>SWEEP_OUT</c>.</summary>
public interface IRunArtifacts
{
    /// <summary>The maximum length of a piece in bytes; a piece is one message between processes.</summary>
    const int PieceBytes = 1 << 20;

    /// <summary>The files of a run, sorted by path.</summary>
    Task<IReadOnlyList<RunArtifact>> ListAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>
    /// Returns a piece of a file from a position on, at most <see cref="PieceBytes"/> long; empty at the end of the file and for a file that does not exist.
    /// </summary>
    Task<byte[]> ReadAsync(string sweep, int run, string path, long from, CancellationToken cancel);
}

/// <summary>A store to which nodes copy the files of <c>SWEEP_OUT</c>, so that they remain when a run moves to another node or its node is lost.</summary>
public interface IArtifactStore : IRunArtifacts
{
    /// <summary>The maximum total size of the files of one run in bytes.</summary>
    const long MaxBytes = 100_000_000;

    /// <summary>Stores or replaces a file, atomically.</summary>
    Task SaveAsync(string sweep, int run, string path, Stream content, CancellationToken cancel);

    /// <summary>Deletes a file if it exists.</summary>
    Task DeleteAsync(string sweep, int run, string path, CancellationToken cancel);
}

/// <summary>Reads the files from the folders to which programs on this machine, or on nodes with a shared folder, write them.</summary>
/// <param name="folder">Returns the folder of a sweep, which has one subfolder per run.</param>
public sealed class FolderArtifacts(Func<string, string> folder) : IRunArtifacts
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<RunArtifact>> ListAsync(string sweep, int run, CancellationToken cancel)
    {
        var root = Of(sweep, run);
        return Task.FromResult<IReadOnlyList<RunArtifact>>(!Directory.Exists(root) ? [] : [.. Programs.ProgramFiles.In(root).Where(Programs.ProgramFiles.IsFile)
            .Select(file => new RunArtifact(Programs.ProgramFiles.NameIn(root, file), ((FileInfo)file).Length))
            .OrderBy(file => file.Path, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string sweep, int run, string path, long from, CancellationToken cancel)
    {
        // The path comes from a client. Reading only listed files, which are no links, prevents access to files outside the folder.
        if ((await ListAsync(sweep, run, cancel)).All(listed => listed.Path != path))
            return [];
        await using var file = new FileStream(Path.Combine(Of(sweep, run), path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Clamp(file.Length - from, 0, IRunArtifacts.PieceBytes)];
        file.Position = from;
        await file.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }

    /// <summary>The folder of a run's files: <c>r000017</c> in the folder of the sweep.</summary>
    public string Of(string sweep, int run) => Path.Combine(folder(SweepId.Check(sweep)), Programs.ProgramHost.NameOf(run));
}
