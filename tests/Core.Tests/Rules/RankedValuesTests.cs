using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core.Rules;

namespace Core.Tests.Rules;

public class RankedValuesTests
{
    /// <summary>Few distinct values, so that most are equal; one in eight is +∞.</summary>
    private static readonly Arbitrary<(double Value, bool Close)[]> arrivals = Gen.Choose(0, 7)
        .Select(n => n == 7 ? double.PositiveInfinity : n / 4.0)
        .Zip(Gen.Choose(0, 3).Select(n => n == 0), (value, close) => (value, close))
        .ArrayOf().ToArbitrary();

    [Fact]
    public void Ranks_counts_and_open_entries_equal_those_of_a_sorted_list() => Prop.ForAll(arrivals, items =>
    {
        var ranked = new RankedValues();
        var list = new List<(double Value, int Run, bool Open)>();
        for (var i = 0; i < items.Length; i++)
        {
            // Run numbers arrive out of order: 7 is coprime to 1009.
            var (value, run) = (items[i].Value, i * 7 % 1009);
            ranked.Add(value, run);
            list.Add((value, run, true));
            list.Sort((a, b) => a.Value.Equals(b.Value) ? a.Run.CompareTo(b.Run) : a.Value.CompareTo(b.Value));
            if (items[i].Close)
            {
                var closed = list[i / 2];
                ranked.Close(closed.Value, closed.Run);
                list[i / 2] = closed with { Open = false };
            }
            Check(list, ranked);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Promotion_takes_the_best_open_run_among_the_best_n_over_eta() => Prop.ForAll(arrivals, items =>
    {
        for (var eta = 2; eta <= 5; eta++)
        {
            var ranked = new RankedValues();
            var promoted = new HashSet<int>();
            for (var run = 0; run < items.Length; run++)
            {
                ranked.Add(items[run].Value, run);
                var expected = Enumerable.Range(0, run + 1).OrderBy(i => items[i].Value).ThenBy(i => i).Take((run + 1) / eta)
                    .Where(i => double.IsFinite(items[i].Value) && !promoted.Contains(i)).Select(i => (int?)i).FirstOrDefault();
                var actual = ranked.FirstOpen() is { } best && best.Rank < ranked.Count / eta && double.IsFinite(best.Value) ? best.Run : (int?)null;
                Assert.Equal(expected, actual);
                if (actual is not { } promotable)
                    continue;
                promoted.Add(promotable);
                ranked.Close(items[promotable].Value, promotable);
            }
        }
    }).QuickCheckThrowOnFailure();

    private static void Check(List<(double Value, int Run, bool Open)> list, RankedValues ranked)
    {
        Assert.Equal(list.Count, ranked.Count);
        Assert.Equal(list.Count(entry => entry.Open), ranked.Open);
        for (var rank = 0; rank < list.Count; rank++)
        {
            Assert.Equal(new RankedValue(list[rank].Value, list[rank].Run, rank), ranked[rank]);
            Assert.Equal(rank, ranked.Rank(list[rank].Value, list[rank].Run));
            Assert.Equal(list.Count(entry => entry.Value < list[rank].Value), ranked.Better(list[rank].Value));
        }
        var open = list.FindIndex(entry => entry.Open);
        Assert.Equal(open < 0 ? null : new RankedValue(list[open].Value, list[open].Run, open), ranked.FirstOpen());
        Assert.Equal(list.Where(entry => entry.Open).Select(entry => entry.Run), ranked.OpenEntries().Select(entry => entry.Run));
    }
}
