using Runtime.Tests.Support;
using Sweeps.Core;

namespace Runtime.Tests.Embedded;

public class InterruptionTests
{
    [Fact]
    public async Task A_sweep_trains_to_its_end_on_own_threads_only()
    {
        var onPool = 0;
        var store = new MemoryStore();
        using var bench = new Bench(store, Bench.Asha);
        await bench.CreateAsync();

        var trainable = new FakeTrainable { OnBatch = (_, _) => onPool += Thread.CurrentThread.IsThreadPoolThread ? 1 : 0 };
        var outcome = await bench.RunAsync("a", 2, trainable, CancellationToken.None);

        Assert.True(outcome == SweepOutcome.Finished, string.Join("\n", store.Events.Select(logged => logged.Event)));
        Assert.Equal(9, store.Events.Count(logged => logged.Event is RunCreated));
        Assert.Contains(store.Events, logged => logged.Event is RunFinished);
        Assert.Equal(0, onPool);
    }

    [Fact]
    public async Task A_process_that_dies_at_any_append_changes_nothing_but_who_and_when()
    {
        var expected = await UndisturbedAsync();
        for (var at = 2; ; at++)
        {
            foreach (var before in (bool[])[true, false])
            {
                var store = new MemoryStore();
                using var bench = new Bench(store, Bench.Asha);
                await bench.CreateAsync();
                using var death = new CancellationTokenSource();
                void Die(int append)
                {
                    if (append == at)
                    {
                        store.Dead = true;
                        death.Cancel();
                    }
                }
                (store.BeforeAppend, store.AfterAppend) = (before ? Die : null, before ? null : Die);
                await bench.RunAsync("first", 1, new FakeTrainable(), death.Token, dies: true);
                if (!store.Dead)
                    return;

                (store.Dead, store.BeforeAppend, store.AfterAppend) = (false, null, null);
                Assert.Equal(SweepOutcome.Finished, await bench.RunAsync("second", 1, new FakeTrainable(), CancellationToken.None));

                Assert.Equal(expected, Bench.Story(store.Events));
            }
        }
    }

    [Fact]
    public async Task An_interruption_in_any_batch_gives_the_run_back_and_changes_nothing_but_who_and_when()
    {
        var expected = await UndisturbedAsync();
        for (var at = 1; ; at += 3)
        {
            var store = new MemoryStore();
            using var bench = new Bench(store, Bench.Asha);
            await bench.CreateAsync();
            using var interrupt = new CancellationTokenSource();
            var batches = 0;
            var trainable = new FakeTrainable
            {
                OnBatch = (_, _) =>
                {
                    if (++batches == at)
                        interrupt.Cancel();
                },
            };
            var outcome = await bench.RunAsync("first", 1, trainable, interrupt.Token);
            if (batches < at)
                return;

            if (outcome is null)
            {
                Assert.Equal(1, store.Events.Count(logged => logged.Event is RunReleased));
                Assert.Equal(SweepOutcome.Finished, await bench.RunAsync("second", 1, new FakeTrainable(), CancellationToken.None));
            }

            Assert.Equal(expected, Bench.Story(store.Events));
            Assert.DoesNotContain(store.Events, logged => logged.Event is EpochsWasted);
        }
    }

    private static async Task<List<string>> UndisturbedAsync()
    {
        var store = new MemoryStore();
        using var bench = new Bench(store, Bench.Asha);
        await bench.CreateAsync();
        Assert.Equal(SweepOutcome.Finished, await bench.RunAsync("only", 1, new FakeTrainable(), CancellationToken.None));
        return Bench.Story(store.Events);
    }
}
