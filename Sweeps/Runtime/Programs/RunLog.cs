using System.Text;
using Sweeps.Log;

namespace Sweeps.Programs;

/// <summary>
/// Writes the output of a run to the store, twice per second, and earlier if much has accumulated and the store has no limit per second. Output beyond
/// the store's limit is dropped, because a run must not wait for its log.
/// </summary>
/// <param name="outputs">The store.</param>
/// <param name="sweep">The sweep.</param>
/// <param name="run">The run.</param>
/// <param name="limit">The maximum number of bytes that the store keeps of the run.</param>
/// <param name="time">The clock.</param>
internal sealed class RunLog(IRunOutputs outputs, string sweep, int run, long limit, TimeProvider time) : IDisposable
{
    private const int FlushSize = 1 << 18;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly List<byte> buffer = [];
    private long? position;
    private long writtenAt = time.GetTimestamp();

    /// <summary>Adds output.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        buffer.AddRange(bytes);
        if (buffer.Count >= FlushSize && outputs.MaxBytesPerSecond == long.MaxValue)
            Flush();
        else
            FlushWhenDue();
        if (buffer.Count > 2 * FlushSize)
        {
            // Output arrives faster than the store accepts it: drop the oldest.
            position += buffer.Count - FlushSize;
            buffer.RemoveRange(0, buffer.Count - FlushSize);
        }
    }

    /// <summary>Adds a line of this product among the output of the program.</summary>
    public void Note(string text) => Write(Encoding.UTF8.GetBytes($"[sweep] {text}\n"));

    /// <summary>Writes the accumulated output if the last write was at least half a second ago.</summary>
    public void FlushWhenDue()
    {
        if (buffer.Count > 0 && time.GetElapsedTime(writtenAt) >= Interval)
            Flush();
    }

    /// <summary>Writes the accumulated output. Called on the thread of a slot, which waits for the store.</summary>
    public void Dispose() => Flush();

    private void Flush()
    {
        if (buffer.Count == 0)
            return;
        writtenAt = time.GetTimestamp();
        var most = (int)Math.Min(outputs.MaxBytesPerSecond / 2, buffer.Count);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            position ??= outputs.EndAsync(sweep, run, cancel.Token).GetAwaiter().GetResult();
            var skipped = buffer.Count - most;
            outputs.AppendAsync(sweep, run, position.Value + skipped, buffer.ToArray().AsMemory(skipped), limit, cancel.Token).GetAwaiter().GetResult();
            position += buffer.Count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException or System.Data.Common.DbException)
        {
            // A full disk or an unreachable store loses output but must not fail the run.
            position = null;
        }
        buffer.Clear();
    }
}
