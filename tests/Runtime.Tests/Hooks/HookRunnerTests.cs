using Core.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Core;
using Sweeps.Hooks;

namespace Runtime.Tests.Hooks;

public class HookRunnerTests
{
    private static readonly Hook absent = new() { Command = ["no-such-command"], Timeout = TimeSpan.FromDays(60), Interval = TimeSpan.FromDays(60) };

    [Fact]
    public async Task A_timeout_beyond_the_longest_timer_is_no_error()
    {
        var bench = new MachineBench(MachineBench.Spec());

        Assert.Contains("neither a file", await new HookHost().CallAsync(HookCall.Of(Hook.Best, absent, bench.State), default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interval_beyond_the_longest_timer_is_no_error()
    {
        var bench = new MachineBench(MachineBench.Spec() with { OnBest = absent });
        var called = new List<RecordHook>();
        await using var runner = new HookRunner("s", new HookHost(), TimeProvider.System, NullLogger.Instance, ran =>
        {
            called.Add(ran);
            return Task.CompletedTask;
        });
        runner.Begin(bench.State);
        var work = bench.One();
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            bench.Report(work, epoch, 1.0 / epoch);
            runner.Observe(bench.State);
            await runner.WhenIdleAsync(CancellationToken.None);
        }

        Assert.Equal([Hook.Best, Hook.Best], called.Select(ran => ran.Name));
    }
}
