using Engine.Training;

namespace Engine.Tests.Support;

/// <summary>Helper threads of a trainer. They join, and if wanted leave at random moments and join again, until disposed.</summary>
internal sealed class Helpers : IDisposable
{
    private readonly Trainer trainer;
    private readonly List<Thread> threads;
    private volatile bool ended;

    /// <param name="trainer">The trainer to help.</param>
    /// <param name="count">The number of threads.</param>
    /// <param name="comeAndGo">Whether they leave every few batches instead of staying.</param>
    public Helpers(Trainer trainer, int count, bool comeAndGo)
    {
        this.trainer = trainer;
        threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() => Help(comeAndGo ? new Random(i) : null)))];
        threads.ForEach(thread => thread.Start());
        // Wait until all have joined before the first batch, so that a test of two threads does not run with one.
        SpinWait.SpinUntil(() => trainer.Team.Helpers == count || comeAndGo);
    }

    public void Dispose()
    {
        ended = true;
        trainer.Team.Recall();
        threads.ForEach(thread => thread.Join());
    }

    private void Help(Random? random)
    {
        while (!ended)
        {
            var left = random?.Next(2000) ?? int.MaxValue;
            trainer.Team.Help(() => ended || left-- <= 0);
        }
    }
}
