using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.Playwright;
using Page.Tests.Support;
using Sweeps.Core;
using Sweeps.Page.Figures;
using static Microsoft.Playwright.Assertions;

namespace Page.Tests;

/// <summary>The charts: by touch, by keyboard, on paper, as data, and with nothing to draw.</summary>
public class ChartTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task ByTouch_ATapPicksARunAndDescribesIt_AndABrushIsAsLongAsItsGesture()
    {
        var log = RecordedSweep.Of("ordinary-abcde");
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", log);
        await using var visit = await browser.OpenAsync(await sweeps.ReportAsync("ordinary-abcde"), 390, 844, touch: true);
        await visit.DrawAllAsync();
        var page = visit.Page;
        var circle = (await DrawingAsync(visit, "objective")).Descendants().First(element => element.Name.LocalName == "circle");

        var plot = await BoxAsync(page.Locator("#objective .plot"));
        await page.Touchscreen.TapAsync(plot.X + Number(circle.Attribute("cx")!.Value), plot.Y + Number(circle.Attribute("cy")!.Value));
        var tip = page.Locator("#objective .tip");
        await Expect(tip).ToContainTextAsync("val_accuracy");
        var run = (await tip.TextContentAsync())!.Split(' ')[1];
        await Expect(page.Locator("#details h3").First).ToHaveTextAsync($"Run {run}");
        await Expect(tip).ToBeVisibleAsync();
        await page.Locator(".sweep h2").First.TapAsync();
        await Expect(tip).ToBeHiddenAsync();

        var head = await BoxAsync(page.Locator("#parallel .axis[data-axis=objective]"));
        plot = await BoxAsync(page.Locator("#parallel .plot"));
        var (x, y) = (head.X + head.Width / 2, plot.Y + 80);
        var fingers = await page.Context.NewCDPSessionAsync(page);
        await TouchAsync("touchStart", y);
        for (var moved = 10; moved <= 120; moved += 10)
            await TouchAsync("touchMove", y + moved);
        await TouchAsync("touchEnd", null);

        var best = log.Select(logged => logged.Event).OfType<EpochRecorded>().GroupBy(epoch => epoch.Run, epoch => epoch.Metrics["val_accuracy"]).Select(values => values.Max()).ToList();
        // The page writes the address after a pause, which a slow browser also has between two moves.
        await page.WaitForFunctionAsync(
            """
            range => {
              const [low, high] = JSON.parse(new URLSearchParams(location.hash.slice(1)).get('brush') ?? '{}').objective ?? [0, 0];
              return Math.abs((high - low) / range - 0.54) < 0.03;
            }
            """, best.Max() - best.Min());
        Assert.Empty(visit.Problems);

        async Task TouchAsync(string type, float? at)
        {
            object[] points = at is null ? [] : [new { x, y = at.Value }];
            await fingers.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object> { ["type"] = type, ["touchPoints"] = points });
        }
    }

    [BrowserFact]
    public async Task PaperShowsEveryChart_TheKeyboardSelectsOnAnAxis_AndDataAreExact()
    {
        var log = RecordedSweep.Of("ordinary-abcde");
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", log);
        await using var visit = await browser.OpenAsync(
            await sweeps.ReportAsync("ordinary-abcde") + "#cv.also=val_loss&ct.x=p:learning_rate&ct.y=p:dropout", height: 700, scheme: ColorScheme.Dark);
        var page = visit.Page;
        await page.WaitForFunctionAsync("() => document.querySelector('.sweep')?.dataset.complete");
        await Expect(page.Locator("#objective")).ToHaveAttributeAsync("data-drawn", "true");
        Assert.Equal(0, await page.Locator("#pareto[data-drawn]").CountAsync());

        await page.PdfAsync();
        Assert.Equal(0, await page.Locator("section.card:not([hidden]):has(.plot):not([data-drawn])").CountAsync());
        Assert.True(await visit.ColoursAsync("pareto") > 8, "The chart is empty on paper.");
        // The chart is not visible on the screen: it still has the colours of the paper.
        Assert.Equal("255,255,255,255", await page.EvaluateAsync<string>("() => String(document.querySelector('#pareto canvas').getContext('2d').getImageData(0, 0, 1, 1).data)"));
        Assert.Null(await page.Locator("html").GetAttributeAsync("data-theme"));

        await visit.DrawAllAsync();
        await Expect(page.Locator("#curves .caption")).ToContainTextAsync("on the right axis: val_loss of run ");
        var head = page.Locator("#parallel .axis[data-axis='p:dropout']");
        var caption = page.Locator("#parallel .caption");
        await head.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(caption).Not.ToContainTextAsync("120 of 120");
        var less = await caption.TextContentAsync();
        await page.Keyboard.PressAsync("Shift+ArrowUp");
        await Expect(caption).Not.ToHaveTextAsync(less!);
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(caption).ToHaveTextAsync(less!);
        await page.Keyboard.PressAsync("Escape");
        await Expect(caption).ToContainTextAsync("120 of 120");
        await page.Keyboard.PressAsync("Shift+L");
        await Expect(head).ToContainTextAsync("log");

        // The page has parameters in single precision.
        var rates = log.Select(logged => logged.Event).OfType<RunCreated>().ToDictionary(created => created.Run, created => (float)created.Configuration["learning_rate"]!.AsDouble()!.Value);
        var rows = Encoding.UTF8.GetString(await SaveAsync(visit, "contour", "Data (CSV)")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("run,learning_rate,dropout,val_accuracy", rows[0]);
        Assert.Equal(120, rows.Length - 1);
        Assert.All(rows.Skip(1).Select(row => row.Split(',')), row => Assert.Equal(rates[int.Parse(row[0], CultureInfo.InvariantCulture)], float.Parse(row[1], CultureInfo.InvariantCulture)));
        Assert.Empty(visit.Problems);
    }

    [BrowserFact]
    public async Task ASweepOfOneRun_HasASentenceForEachChartWithNothingToDraw_AndAxesOfWholeNumbers()
    {
        var text = RecordedSweep.Ordinary.Replace("run_cap: 120", "run_cap: 1", StringComparison.Ordinal).Replace("epochs: 9", "epochs: 3", StringComparison.Ordinal)
            .Replace("early_terminate: {type: asha, min_iter: 1, eta: 3}", "", StringComparison.Ordinal);
        await using var sweeps = await ServedSweeps.OfAsync("single-abcde", RecordedSweep.Of("single-abcde", text));
        await using var visit = await browser.OpenAsync(await sweeps.ReportAsync("single-abcde"));
        await visit.DrawAllAsync();

        foreach (var (id, sentence) in ((string, string)[])
        [
            ("parallel", "need a parameter that varies"), ("slice", "needs a parameter that varies"), ("contour", "needs two parameters that vary"), ("rungs", "have no rungs"),
        ])
        {
            await Expect(visit.Page.Locator($"#{id} .caption")).ToContainTextAsync(sentence);
            await Expect(visit.Page.Locator($"#{id} .plot")).ToBeHiddenAsync();
            Assert.Equal(0, await visit.Page.Locator($"#{id} select:not(:has(option))").CountAsync());
        }
        Assert.Equal(["confusion"], await visit.Page.Locator("#section-model section.card:visible").EvaluateAllAsync<string[]>("cards => cards.map(card => card.id)"));
        await Expect(visit.Page.Locator("#objective .caption")).ToHaveTextAsync("1 of 1 run shown. Red: the best so far, of run 0.");
        Assert.Equal(["1", "2", "3"], await TicksAsync("curves"));
        Assert.Equal(["0", "1"], await TicksAsync("objective"));
        Assert.Empty(visit.Problems);

        // The texts below the horizontal axis: in the middle of their ticks, and above the name of the axis.
        async Task<IEnumerable<string>> TicksAsync(string id) =>
            from element in (await DrawingAsync(visit, id)).Descendants()
            where element.Name.LocalName == "text" && element.Attribute("text-anchor")!.Value == "middle" && element.Attribute("font-size")!.Value == "11"
            select element.Value;
    }

    [Fact]
    public void FiguresHaveWholeNumbersOfEpochs_AndOneTickForOneValue()
    {
        Assert.Equal([1, 2, 3], Axis.Over("epoch", [1, 2, 3]).Ticks());
        Assert.Equal([0.97], Axis.Over("accuracy", [0.97, double.NaN, 0.97]).Ticks());
        Assert.Equal([0], Axis.Over("run", [0, 0]).Ticks());
    }

    private static async Task<XDocument> DrawingAsync(Visit visit, string id) => XDocument.Parse(Encoding.UTF8.GetString(await SaveAsync(visit, id, "Drawing (SVG)")));

    private static async Task<byte[]> SaveAsync(Visit visit, string id, string what)
    {
        var card = visit.Page.Locator($"#{id}");
        await card.Locator(".menu summary").ClickAsync();
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => card.GetByText(what).ClickAsync());
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    /// <summary>The place of an element in the window, after scrolling to it.</summary>
    private static async Task<LocatorBoundingBoxResult> BoxAsync(ILocator element)
    {
        await element.ScrollIntoViewIfNeededAsync();
        return (await element.BoundingBoxAsync())!;
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
