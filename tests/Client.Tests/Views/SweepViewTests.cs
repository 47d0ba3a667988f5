using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Tests.Views;

public class SweepViewTests
{
    [Fact]
    public void A_run_cap_that_stands_for_no_limit_gives_no_time_that_is_left()
    {
        const string text = """
            name: endless
            function: branin
            method: random
            run_cap: 1000000000
            epochs: 1000
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
            """;
        var start = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
        var history = SweepSources.NewHistory();
        history.Add(new LoggedEvent(1, start, new SweepCreated("endless-abcde", text, "ann")));
        history.Worker = "process 1";
        var rate = new EpochRate(TimeSpan.FromHours(1));
        rate.Add(start, 0);
        rate.Add(start.AddSeconds(100), 1);

        Assert.Null(SweepView.Of(history, rate, TimeSpan.Zero).Left);
    }
}
