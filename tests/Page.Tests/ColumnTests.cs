using System.IO.Compression;
using Page.Tests.Support;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Page.Columns;

namespace Page.Tests;

/// <summary>The columns of a log.</summary>
public class ColumnTests
{
    [Fact]
    public void RowsOfAPartOfTheLog_AreTheFirstRowsOfTheWhole()
    {
        var log = RecordedSweep.Of("ordinary-abcde");
        var random = new Random(1);
        for (var cuts = 0; cuts < 8; cuts++)
        {
            var cut = random.Next(1, log.Count);
            var (killed, grown) = (Columns(log.Take(cut)), Columns(log.Take(cut)));
            foreach (var logged in log.Skip(cut))
                grown.Add(logged);

            // A page that has the rows up to the kill gets the others, and then has the same columns as a page that read the whole log.
            var whole = Columns(log);
            Assert.Equal(whole.Rows, grown.Rows);
            Assert.Equal(whole.Block(killed.Rows), grown.Block(killed.Rows));
            Assert.Equal(whole.Block(), grown.Block());
        }
    }

    [Fact]
    public void EveryDecisionOfWhyIsInTheRows()
    {
        var log = RecordedSweep.Of("ordinary-abcde");
        var state = new SweepState(SweepFile.Stored);
        var explainer = new Why.Explainer(state);
        var all = log.SelectMany(logged => explainer.Apply(logged)).ToLookup(one => one.Run, one => one.Decision);

        for (var run = 0; run < state.Runs.Count; run += 7)
            Assert.Equal(Why.Explain(log, run, SweepFile.Stored), all[run]);
    }

    [Fact]
    public async Task TheReportOfASweepAsItWas_IsThatOfItsFirstEvents()
    {
        var log = RecordedSweep.Of("ordinary-abcde");
        await using var whole = await ServedSweeps.OfAsync("ordinary-abcde", log);
        await using var begun = await ServedSweeps.OfAsync("ordinary-abcde", log.Take(200));

        Assert.Equal(RowsOf(await begun.DocumentAsync("ordinary-abcde")), RowsOf(await whole.DocumentAsync("ordinary-abcde", "seq:200")));

        static string RowsOf(string document) => document.Split("<script type=\"application/x-sweep-block\">")[1].Split("</script>")[0];
    }

    [Fact]
    public void AConfirmationIsNamedInItsRow()
    {
        var log = RecordedSweep.Of("ordinary-abcde");
        var columns = Columns(log);

        columns.Add(new LoggedEvent(log[^1].Seq + 1, log[^1].At, new SweepSteered("ann", "", new SteerAction.Confirm(3, 5))));

        using var unpacked = new StreamReader(new GZipStream(new MemoryStream(columns.Block()), CompressionMode.Decompress));
        Assert.Contains("had the best", unpacked.ReadToEnd(), StringComparison.Ordinal);
    }

    private static SweepColumns Columns(IEnumerable<LoggedEvent> log)
    {
        var columns = new SweepColumns(SweepFile.Stored);
        foreach (var logged in log)
            columns.Add(logged);
        return columns;
    }
}
