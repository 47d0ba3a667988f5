using System.Collections.Concurrent;

namespace Sweeps.Hosting;

/// <summary>One thread that trains.</summary>
internal sealed class Slot : IDisposable
{
    private readonly BlockingCollection<Action> work = [];

    public Slot(int number)
    {
        Number = number;
        new Thread(Run) { IsBackground = true, Name = $"slot {number}", Priority = ThreadPriority.BelowNormal }.Start();
    }

    public int Number { get; }

    public Task<T> RunAsync<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
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
        return completion.Task;
    }

    public void Dispose() => work.CompleteAdding();

    private void Run()
    {
        foreach (var action in work.GetConsumingEnumerable())
            action();
        work.Dispose();
    }
}
