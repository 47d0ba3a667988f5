namespace Sweeps.Log;

/// <summary>
/// Keeps the newest output of the programs of runs. The position of a byte is the number of bytes that the run wrote before it, over all assignments.
/// </summary>
public interface IRunOutputs
{
    /// <summary>The maximum number of bytes per second that are written for one run. If a run has more output, the newest is kept.</summary>
    long MaxBytesPerSecond { get; }

    /// <summary>Returns the position after the last kept byte; 0 without output.</summary>
    Task<long> EndAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>Writes output at a position, which may leave a gap, and deletes old output so that about <paramref name="limit"/> bytes remain.</summary>
    Task AppendAsync(string sweep, int run, long position, ReadOnlyMemory<byte> bytes, long limit, CancellationToken cancel);

    /// <summary>Returns a piece of the output from a position on, or from the oldest kept byte after it; empty if there is none.</summary>
    Task<OutputPiece> ReadAsync(string sweep, int run, long from, CancellationToken cancel);
}

/// <summary>A piece of output.</summary>
/// <param name="Position">The position of its first byte.</param>
/// <param name="Bytes">The bytes. A store ends a piece when it has <see cref="MaxBytes"/>; the last write in it may exceed that.</param>
public sealed record OutputPiece(long Position, byte[] Bytes)
{
    /// <summary>The length in bytes at which a piece ends; a piece is one message between processes.</summary>
    public const int MaxBytes = 1 << 20;
}
