namespace Sweeps.Nodes;

/// <summary>
/// One thread that trains. It waits on a monitor, which sleeps at once: collections that spin before they sleep take the cores from each other
/// where there are hundreds of slots.
/// </summary>
internal sealed class Slot : IDisposable
{
    private readonly Queue<Action> work = [];
    private bool closed;

    public Slot(int number)
    {
        Number = number;
        new Thread(Run) { IsBackground = true, Name = $"slot {number}", Priority = ThreadPriority.BelowNormal }.Start();
    }

    public int Number { get; }

    public Task<T> RunAsync<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (work)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            work.Enqueue(() =>
            {
                try
                {
                    completion.SetResult(function());
                }
                catch (OperationCanceledException e)
                {
                    completion.SetCanceled(e.CancellationToken);
                }
                catch (Exception e)
                {
                    completion.SetException(e);
                }
            });
            Monitor.Pulse(work);
        }
        return completion.Task;
    }

    /// <summary>The thread ends when it has done what it was given.</summary>
    public void Dispose()
    {
        lock (work)
        {
            closed = true;
            Monitor.Pulse(work);
        }
    }

    private void Run()
    {
        while (Take() is { } action)
            action();
    }

    private Action? Take()
    {
        lock (work)
        {
            while (work.Count == 0 && !closed)
                Monitor.Wait(work);
            return work.TryDequeue(out var action) ? action : null;
        }
    }
}
