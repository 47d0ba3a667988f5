namespace Sweeps.Log;

/// <summary>
/// Keeps the newest output of the programs of runs. A position is the number of bytes that a run has written before, over all its assignments.
/// </summary>
public interface IRunOutputs
{
    /// <summary>The most bytes per second that are written for one run; of more output the newest is kept.</summary>
    long MostPerSecond { get; }

    /// <summary>The position after the last kept byte; 0 without output.</summary>
    Task<long> EndAsync(string sweep, int run, CancellationToken cancel);

    /// <summary>Writes output at a position, which may leave a gap, and deletes old output so that about <paramref name="limit"/> bytes remain.</summary>
    Task AppendAsync(string sweep, int run, long position, ReadOnlyMemory<byte> bytes, long limit, CancellationToken cancel);

    /// <summary>A piece of the output from a position on, or from the oldest kept byte after it; empty when there is none.</summary>
    Task<OutputPiece> ReadAsync(string sweep, int run, long from, CancellationToken cancel);
}

/// <summary>A piece of output.</summary>
/// <param name="Position">The position of its first byte.</param>
/// <param name="Bytes">The bytes, at most <see cref="MostBytes"/>.</param>
public sealed record OutputPiece(long Position, byte[] Bytes)
{
    /// <summary>The most bytes of a piece: the size of a message.</summary>
    public const int MostBytes = 1 << 20;
}
