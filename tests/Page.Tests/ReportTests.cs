using System.Text;
using System.Xml.Linq;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Page.Tests.Support;
using Sweeps.Log;
using static Microsoft.Playwright.Assertions;

namespace Page.Tests;

/// <summary>The page as a file from disk.</summary>
public class ReportTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task EveryChartIsDrawn_WithoutConsoleErrors_RequestsOrSeriousAxeFindings()
    {
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", RecordedSweep.Of("ordinary-abcde"));
        await using var visit = await browser.OpenAsync(await sweeps.ReportAsync("ordinary-abcde"));
        await visit.DrawAllAsync();

        foreach (var id in await ChartsAsync(visit))
            Assert.True(await visit.ColoursAsync(id) > 8, $"The chart '{id}' is empty.");
        var axe = await visit.Page.RunAxe();
        var serious = axe.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation =>
            $"{violation.Id}: {violation.Help} {string.Join(" | ", violation.Nodes.Take(3).Select(node => $"{node.Html} {node.Any.FirstOrDefault()?.Message}"))}").ToList();
        Assert.True(serious.Count == 0, string.Join('\n', serious));
        Assert.Empty(visit.Problems);
    }

    [BrowserFact]
    public async Task ABrushFiltersTableAndCurves_AndItsAddressRestoresTheView()
    {
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", RecordedSweep.Of("ordinary-abcde"));
        await using var visit = await browser.OpenAsync(await sweeps.ReportAsync("ordinary-abcde"), height: 3000);
        await visit.DrawAllAsync();
        var before = await visit.PixelsAsync("curves");

        await visit.Page.Locator("#parallel").ScrollIntoViewIfNeededAsync();
        var axis = visit.Page.Locator("#parallel .axis[data-axis='p:learning_rate']");
        var head = (await axis.BoundingBoxAsync())!;
        var plot = (await visit.Page.Locator("#parallel .plot").BoundingBoxAsync())!;
        var x = head.X + head.Width / 2;
        await visit.Page.Mouse.MoveAsync(x, plot.Y + 80);
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync(x, plot.Y + 200, new() { Steps = 5 });
        await visit.Page.Mouse.UpAsync();

        // The page writes the address 150 ms and sorts the table 80 ms after the last move of a brush. A timer of 200 ms runs after both.
        await visit.Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 200))");
        var shown = (await visit.Page.Locator("#curves .caption").TextContentAsync())!.Split(" runs")[0];
        Assert.NotEqual("120 of 120", shown);
        await Expect(visit.Page.Locator("#table .caption")).ToContainTextAsync(shown);
        var caption = (await visit.Page.Locator("#table .caption").TextContentAsync())!;
        Assert.Contains("brush", visit.Page.Url, StringComparison.Ordinal);
        Assert.NotEqual(before, await visit.PixelsAsync("curves"));

        await using var again = await browser.OpenAsync(visit.Page.Url, height: 3000);
        await again.DrawAllAsync();
        await Expect(again.Page.Locator("#table .caption")).ToHaveTextAsync(caption);
        Assert.Equal(await visit.PixelsAsync("curves"), await again.PixelsAsync("curves"));
        Assert.Empty(visit.Problems.Concat(again.Problems));
    }

    [BrowserFact]
    public async Task AMomentIsTheEventThatTheConsoleShows()
    {
        // 97.3 seconds between two events: the log ends on the next day.
        var log = RecordedSweep.Of("ordinary-abcde").Select((logged, i) => logged with { At = RecordedSweep.Start.AddSeconds(97.3 * i) }).ToList();
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", log);
        var zone = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(3), "east", "east");
        await using var visit = await browser.OpenAsync(await sweeps.ReportAsync("ordinary-abcde"), zone: "Etc/GMT-3");
        string[] moments =
        [
            "seq:12", "SEQ:7", "seq:100000", "seq:0", "12", "0%", "33.3%", "62%", "62.5%", ".5%", "100%", "120%", "..%", "-1%",
            "+0:00", "+1:37", "+1:38", "+2:30:00", "+0.02:30:00", "+40.00:00:00", "+1:60", "+1", "11:59", "12:00", "12:30:59", "0:10", "00:10:00", "23:59", "25:00", "14:60",
            "2026-03-01 12:00", "2026-03-01 15:30", "2026-03-01T15:30:21", "2026-03-01 12:30:00Z", "2026-03-01T14:00:00+02:00", "2026-02-01 12:00", "2026-02-30 12:00", "2027-01-01 0:00", "yesterday",
        ];

        await Expect(visit.Page.Locator(".travel")).ToBeVisibleAsync();
        var shown = await visit.Page.EvaluateAsync<int[]>(
            """
            moments => {
              const [slider, field] = document.querySelectorAll('.travel input');
              return moments.map(moment => {
                field.value = moment;
                field.dispatchEvent(new Event('change'));
                return field.ariaInvalid === 'true' && field.nextSibling.textContent ? 0 : Number(slider.value);
              });
            }
            """, moments);

        Assert.Equal(moments.Select(moment => (moment, CountOf(moment))), moments.Zip(shown));
        Assert.Empty(visit.Problems);

        int CountOf(string moment)
        {
            try
            {
                return LogCut.Parse(moment, zone).CountOf(log);
            }
            catch (FormatException)
            {
                return 0;
            }
        }
    }

    [BrowserFact]
    public async Task HostileNamesMetricsAndNotesStayText()
    {
        const string evil = "<img src=x onerror=\"window.broken=1\">";
        var text = RecordedSweep.Ordinary.Replace("name: ordinary", $"name: '{evil}'", StringComparison.Ordinal)
            .Replace("activation: {values: [relu,", $"activation: {{values: ['</script><script>window.broken=1</script>',", StringComparison.Ordinal);
        await using var sweeps = await ServedSweeps.OfAsync("hostile-abcde", RecordedSweep.Of("hostile-abcde", text, 4, $"loss{evil}"));
        await using var visit = await browser.OpenAsync(await sweeps.ReportAsync("hostile-abcde"));
        await visit.DrawAllAsync();
        await visit.Page.Locator("#table tbody button.link").First.ClickAsync();

        await Expect(visit.Page.Locator("h2").First).ToHaveTextAsync(evil);
        await Expect(visit.Page.Locator("#details")).ToContainTextAsync($"loss{evil}");
        Assert.Equal(0, await visit.Page.Locator("img").CountAsync());
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'broken' in window"));
        Assert.Empty(visit.Problems);
    }

    [BrowserFact]
    public async Task EveryChartIsSavedAsPictureDrawingAndData()
    {
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", RecordedSweep.Of("ordinary-abcde"));
        await using var visit = await browser.OpenAsync(await sweeps.ReportAsync("ordinary-abcde"));
        await visit.DrawAllAsync();

        foreach (var id in await ChartsAsync(visit))
        {
            var picture = await SaveAsync(id, "Picture (PNG)");
            Assert.Equal("PNG"u8, picture.AsSpan(1, 3));
            Assert.True(picture.Length > 4_000, $"The picture of '{id}' has {picture.Length} bytes.");
            var drawing = XDocument.Parse(Encoding.UTF8.GetString(await SaveAsync(id, "Drawing (SVG)")));
            Assert.True(drawing.Descendants().Count() > 20, $"The drawing of '{id}' is empty.");
            var data = Encoding.UTF8.GetString(await SaveAsync(id, "Data (CSV)")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.True(data.Length > 3 && data.All(line => line.Contains(',', StringComparison.Ordinal)), $"The data of '{id}': {data[0]}");
        }
        Assert.Empty(visit.Problems);

        async Task<byte[]> SaveAsync(string id, string what)
        {
            var card = visit.Page.Locator($"[id='{id}']");
            await card.Locator(".menu summary").ClickAsync();
            var download = await visit.Page.RunAndWaitForDownloadAsync(() => card.GetByText(what).ClickAsync());
            Assert.StartsWith($"ordinary-abcde-{id}.", download.SuggestedFilename, StringComparison.Ordinal);
            return await File.ReadAllBytesAsync(await download.PathAsync());
        }
    }

    private static async Task<IReadOnlyList<string>> ChartsAsync(Visit visit) =>
        await visit.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('section.card')].filter(card => !card.hidden && card.querySelector('.plot:not([hidden]) canvas')).map(card => card.id)");
}
