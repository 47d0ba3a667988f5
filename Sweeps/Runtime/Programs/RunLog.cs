using System.Text;
using Sweeps.Log;

namespace Sweeps.Programs;

/// <summary>
/// The output of a run on its way to the store. It is written twice per second, and earlier when much has come; what the store does not take is
/// dropped, because a run must not wait for its log.
/// </summary>
/// <param name="outputs">The store.</param>
/// <param name="sweep">The sweep.</param>
/// <param name="run">The run.</param>
/// <param name="limit">The most bytes that the store keeps for the run.</param>
/// <param name="time">The clock.</param>
internal sealed class RunLog(IRunOutputs outputs, string sweep, int run, long limit, TimeProvider time) : IDisposable
{
    private const int Much = 1 << 18;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly List<byte> buffer = [];
    private long? position;
    private long writtenAt = time.GetTimestamp();

    /// <summary>Adds output.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        buffer.AddRange(bytes);
        if (buffer.Count >= Much && outputs.MaxBytesPerSecond == long.MaxValue)
            Flush();
        else
            FlushWhenDue();
        if (buffer.Count > 2 * Much)
        {
            // The store takes no more: the newest output is kept.
            position += buffer.Count - Much;
            buffer.RemoveRange(0, buffer.Count - Much);
        }
    }

    /// <summary>Adds a line of this product, so that it is seen where the program's own output is read.</summary>
    public void Note(string text) => Write(Encoding.UTF8.GetBytes($"[sweep] {text}\n"));

    /// <summary>Writes what has come if that was not done lately.</summary>
    public void FlushWhenDue()
    {
        if (buffer.Count > 0 && time.GetElapsedTime(writtenAt) >= Interval)
            Flush();
    }

    /// <summary>Writes what has come. Called on the thread of a slot, which waits for the store.</summary>
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
            // A full disk or an unreachable store loses output, not the run.
            position = null;
        }
        buffer.Clear();
    }
}
