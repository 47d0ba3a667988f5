using Engine.Numerics;

namespace Engine.Tests.Numerics;

/// <summary>The decisions of the trial, with a clock that each batch advances.</summary>
public class HelpTrialTests
{
    private readonly Clock clock = new();
    private readonly HelpTrial trial;

    public HelpTrialTests() => trial = new HelpTrial(clock);

    [Theory]
    [InlineData(5, 8, true)]
    [InlineData(8, 8, false)]
    [InlineData(9, 8, false)]
    [InlineData(7.9, 8, false)]
    public void After_both_were_tried_the_faster_way_is_kept_for_two_seconds_and_a_gain_of_less_than_a_twentieth_is_none(double helped, double alone, bool pays)
    {
        var trials = Batches(until: 0.06, helped, alone);
        Assert.True(trials[0]);
        Assert.Contains(false, trials);
        Assert.Equal(trials, trials.OrderByDescending(helper => helper));

        Assert.All(Batches(until: 1.9, helped, alone), helper => Assert.Equal(pays, helper));
        Assert.Contains(!pays, Batches(until: 2.2, helped, alone));
    }

    [Fact]
    public void A_long_batch_is_tried_four_times_each_way()
    {
        Assert.Equal([true, true, true, true, false, false, false, false, true], Enumerable.Range(0, 9).Select(_ => Batch(1, 500, 900)));
    }

    [Fact]
    public void Another_number_of_helpers_is_tried_anew_and_without_helpers_there_are_none()
    {
        Batches(until: 0.2, helped: 10, alone: 8);
        Assert.False(Batch(1, 10, 8));

        Assert.True(Batch(2, 10, 8));
        Assert.False(Batch(0, 10, 8));
        Assert.True(Batch(1, 10, 8));
    }

    /// <summary>Runs batches with one helper until <paramref name="until"/> seconds, and returns whether each was helped.</summary>
    private List<bool> Batches(double until, double helped, double alone)
    {
        var all = new List<bool>();
        while (clock.Milliseconds < 1000 * until)
            all.Add(Batch(1, helped, alone));
        return all;
    }

    /// <summary>One batch, which takes <paramref name="helped"/> milliseconds with helpers and <paramref name="alone"/> without.</summary>
    private bool Batch(int present, double helped, double alone)
    {
        var helps = trial.Begin(present);
        clock.Milliseconds += helps ? helped : alone;
        trial.End();
        return helps;
    }

    private sealed class Clock : TimeProvider
    {
        public double Milliseconds { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)(1000 * Milliseconds);
    }
}
