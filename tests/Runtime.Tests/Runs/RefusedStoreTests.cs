using System.Data.Common;
using Runtime.Tests.Support;
using Sweeps.Core;

namespace Runtime.Tests.Runs;

/// <summary>A run whose checkpoints the store always refuses must not hold its slot forever.</summary>
public sealed class RefusedStoreTests
{
    [Theory]
    [InlineData("42501", "permission denied for table checkpoint")]
    [InlineData("54000", "the value is too large")]
    public async Task A_run_whose_checkpoints_the_store_refuses_for_good_fails_with_what_the_store_said(string state, string message)
    {
        var store = new MemoryStore { BeforeSave = () => throw new Refusal(state, message) };
        using var bench = new Bench(store, Bench.Asha);
        await bench.CreateAsync();

        Assert.Equal(SweepOutcome.Failed, await bench.RunAsync("a", 2, new FakeTrainable(), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.All(
            store.Events.Select(logged => logged.Event).OfType<RunFailed>(),
            failed => Assert.Equal($"The checkpoint store refuses the run: {message}", failed.Error));
    }

    private sealed class Refusal(string state, string message) : DbException(message)
    {
        public override string SqlState => state;
    }
}
