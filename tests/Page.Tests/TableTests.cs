using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Page.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Page.Tests;

/// <summary>The table of runs in the browser.</summary>
public class TableTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task AHeadSorts_WithShiftByTwoColumns_AndThePinnedColumnIsFirst()
    {
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", RecordedSweep.Of("ordinary-abcde"));
        await using var visit = await OpenAsync(sweeps);
        var page = visit.Page;
        Assert.Equal((await NumbersAsync(page, "val_accuracy")).OrderDescending(), await NumbersAsync(page, "val_accuracy"));

        await Head(page, "learning_rate").ClickAsync();
        await Expect(page.Locator("#table thead th[aria-sort=ascending]")).ToContainTextAsync("learning_rate");
        Assert.Equal((await NumbersAsync(page, "learning_rate")).Order(), await NumbersAsync(page, "learning_rate"));
        await Head(page, "learning_rate").ClickAsync();
        await Expect(page.Locator("#table thead th[aria-sort=descending]")).ToContainTextAsync("learning_rate");
        Assert.Equal((await NumbersAsync(page, "learning_rate")).OrderDescending(), await NumbersAsync(page, "learning_rate"));

        await Head(page, "hidden_layers").ClickAsync();
        await Head(page, "val_loss").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(Head(page, "val_loss")).ToContainTextAsync("▲2");
        var rows = (await NumbersAsync(page, "hidden_layers")).Zip(await NumbersAsync(page, "val_loss")).ToList();
        Assert.Equal(rows.OrderBy(row => row.First).ThenBy(row => row.Second), rows);

        await page.GetByLabel("Pin val_loss").ClickAsync();
        await Expect(page.Locator("#table thead th").Nth(1)).ToContainTextAsync("val_loss");
        await page.GetByLabel("Pin learning_rate").ClickAsync();
        await Expect(page.Locator("#table thead th").Nth(2)).ToContainTextAsync("learning_rate");
        await AssertPinnedAsync(page, 3);
        await page.GetByLabel("Pin learning_rate").ClickAsync();
        await page.GetByLabel("Show columns whose name matches").FillAsync("^(activation|dropout)$");
        await Expect(page.Locator("#table thead th")).ToHaveCountAsync(4);
        Assert.Equal(["run", "val_loss ▲2", "activation", "dropout"], await HeadsAsync(page));

        // The address has the whole view.
        await page.WaitForFunctionAsync("() => location.hash.includes('t.cols') && location.hash.includes('t.pin')");
        await using var again = await browser.OpenAsync(page.Url, height: 3000);
        await again.DrawAllAsync();
        Assert.Equal(["run", "val_loss ▲2", "activation", "dropout"], await HeadsAsync(again.Page));
        var shown = await NumbersAsync(again.Page, "val_loss");
        Assert.Equal(rows.Select(row => row.Second).Take(shown.Length), shown);
        Assert.Empty(visit.Problems.Concat(again.Problems));
    }

    [BrowserFact]
    public async Task GroupsByTwoParameters_HaveMeanRangeAndCountOfTheirRuns()
    {
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", RecordedSweep.Of("ordinary-abcde"));
        await using var visit = await OpenAsync(sweeps);
        var page = visit.Page;
        var runs = (await NumbersAsync(page, "val_accuracy")).Zip(await TextsAsync(page, "optimizer"), await TextsAsync(page, "activation")).ToList();

        await page.GetByLabel("Group by").SelectOptionAsync(new SelectOptionValue { Label = "optimizer" });
        await Expect(page.Locator("#table tbody tr.group")).ToHaveCountAsync(3);
        await page.GetByLabel("Group by").SelectOptionAsync(new SelectOptionValue { Label = "activation" });
        await Expect(page.Locator("#table tbody tr.group")).ToHaveCountAsync(9);
        await Expect(page.Locator("#table .caption")).ToContainTextAsync("120 of 120 runs shown in 9 groups");

        // The first key reaches the first group, and Enter opens and closes it.
        await page.GetByRole(AriaRole.Region, new() { Name = "Table of runs" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("#table tr.group.hovered")).ToHaveAttributeAsync("aria-rowindex", "2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#table tr.group.hovered button")).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#table tr.group.hovered button")).ToHaveAttributeAsync("aria-expanded", "false");

        var members = runs.Where(run => run is { Second: "adam", Third: "relu" }).Select(run => run.First).ToList();
        var group = page.Locator("#table tbody tr.group").Filter(new() { HasText = $"optimizer adam · activation relu ({members.Count})" });
        var column = (await HeadsAsync(page)).ToList().FindIndex(head => head.StartsWith("val_accuracy", StringComparison.Ordinal));
        var title = (await group.Locator("td").Nth(column - 1).GetAttributeAsync("title"))!;
        Assert.Contains($"of {members.Count} runs", title, StringComparison.Ordinal);
        var shown = title.Replace(",", "", StringComparison.Ordinal).Split(' ');
        Assert.Equal([members.Average(), members.Min(), members.Max()], [Number(shown[1]), Number(shown[3]), Number(shown[5])], new Near(1e-4));

        await group.Locator("button").ClickAsync();
        await Expect(page.Locator("#table tbody tr[data-run]")).ToHaveCountAsync(members.Count);

        // The order of choosing decides the order of grouping, and each can be taken away again.
        await page.GetByText("optimizer ✕").ClickAsync();
        await Expect(page.Locator("#table .caption")).ToContainTextAsync("in 3 groups");
        await page.GetByText("activation ✕").ClickAsync();
        await Expect(page.Locator("#table tbody tr.group")).ToHaveCountAsync(0);
        Assert.Empty(visit.Problems);
    }

    [BrowserFact]
    public async Task TheBaselineShowsDifferences_AndPickedRunsAreComparedByWhatDiffers()
    {
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", RecordedSweep.Of("ordinary-abcde"));
        await using var visit = await OpenAsync(sweeps);
        var page = visit.Page;
        var (runs, values) = (await TextsAsync(page, "run"), await NumbersAsync(page, "val_accuracy"));
        Assert.Equal(0, await page.Locator("#table td .delta").CountAsync());

        await page.GetByLabel($"Baseline run {runs[0]}", new() { Exact = true }).ClickAsync();
        var column = (await HeadsAsync(page)).ToList().FindIndex(head => head.StartsWith("val_accuracy", StringComparison.Ordinal));
        var difference = await page.Locator($"#table tr[data-run='{runs[1]}'] > *").Nth(column).Locator(".delta").TextContentAsync();
        Assert.Equal(values[1] - values[0], Number(difference!.Replace('−', '-')), 2e-5);
        Assert.Equal(0, await page.Locator($"#table tr[data-run='{runs[0]}'] .delta").CountAsync());

        foreach (var run in runs.Take(3))
            await page.GetByLabel($"Pick run {run}", new() { Exact = true }).CheckAsync();
        await Expect(page.Locator("#details h3")).ToHaveTextAsync("3 runs compared");
        var rows = page.Locator("#details tbody tr");
        Assert.NotEqual(0, await rows.CountAsync());
        foreach (var row in await rows.AllAsync())
            Assert.NotEqual(1, (await row.Locator("td").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.firstChild?.data ?? '')")).Distinct().Count());
        await page.WaitForFunctionAsync($"() => new URLSearchParams(location.hash.slice(1)).get('runs') === '{string.Join(',', runs.Take(3))}'");
        Assert.Empty(visit.Problems);
    }

    [BrowserFact]
    public async Task TheKeyboardReachesARowFarBelow_PicksItAndOpensIt()
    {
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", RecordedSweep.Of("ordinary-abcde"));
        await using var visit = await OpenAsync(sweeps, height: 900);
        var page = visit.Page;
        await page.GetByLabel("Search runs").FillAsync("run (\\d|1\\d)\\b");
        await Expect(page.Locator("#objective .caption")).ToContainTextAsync("20 of 120 runs");
        // What is not an expression is marked, and the search before it stays.
        await page.GetByLabel("Search runs").FillAsync("run (\\d");
        await Expect(page.GetByLabel("Search runs")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator(".filters .why")).ToHaveTextAsync("not a regular expression: Unterminated group");
        await Expect(page.Locator("#objective .caption")).ToContainTextAsync("20 of 120 runs");
        await page.GetByLabel("Search runs").FillAsync("run (\\d|1\\d)\\b");
        await Expect(page.GetByLabel("Search runs")).ToHaveAttributeAsync("aria-invalid", "false");
        await page.GetByRole(AriaRole.Region, new() { Name = "Table of runs" }).FocusAsync();
        await Expect(page.Locator("#table .caption")).ToHaveTextAsync(new Regex("^20 of 120 runs"));

        await page.Keyboard.PressAsync("End");
        var last = page.Locator("#table tbody tr[data-run].hovered");
        await Expect(last).ToHaveAttributeAsync("aria-rowindex", "21");
        var number = await last.GetAttributeAsync("data-run");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#details h3").First).ToHaveTextAsync($"Run {number}");

        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Locator("#table tbody tr[data-run].hovered")).ToHaveAttributeAsync("aria-rowindex", "20");
        await page.Keyboard.PressAsync(" ");
        await Expect(page.Locator("#details h3").First).ToHaveTextAsync("2 runs compared");
        Assert.Empty(visit.Problems);
    }

    private async Task<Visit> OpenAsync(ServedSweeps sweeps, int height = 6000)
    {
        var visit = await browser.OpenAsync(await sweeps.ReportAsync("ordinary-abcde"), height: height);
        await visit.DrawAllAsync();
        await Expect(visit.Page.Locator("#table .caption")).ToContainTextAsync("120 of 120 runs");
        if (height > 2000)
        {
            // Only the visible rows exist: show all.
            await visit.Page.Locator("#table .scroll").EvaluateAsync("scroll => { scroll.style.maxHeight = 'none'; }");
            await Expect(visit.Page.Locator("#table tbody tr[data-run]")).ToHaveCountAsync(120);
        }
        return visit;
    }

    /// <summary>Scrolls the table to the right: each of the first columns stays in sight, right of the one before, with its head above its cells.</summary>
    private static async Task AssertPinnedAsync(IPage page, int count)
    {
        var places = await page.EvaluateAsync<double[][]>(
            """
            count => {
              const scroll = document.querySelector('#table .scroll');
              const places = () => [...scroll.querySelectorAll('thead tr, tbody tr[data-run]')].map(row => [...row.cells].slice(0, count + 1).map(cell => cell.getBoundingClientRect().left));
              scroll.scrollLeft = 0;
              const before = places();
              scroll.scrollLeft = 150;
              return [...places(), before[0].map((left, i) => left - places()[0][i])];
            }
            """, count);
        Assert.Equal([.. Enumerable.Repeat(0.0, count), 150.0], places[^1], new Near(1));
        foreach (var row in places[1..^1])
            Assert.Equal(places[0], row, new Near(1));
        Assert.Equal(places[0].Take(count).Order(), places[0].Take(count));
    }

    private static ILocator Head(IPage page, string name) => page.Locator("#table thead button.sort").Filter(new() { HasText = name }).First;

    private static Task<string[]> HeadsAsync(IPage page) => page.Locator("#table thead th .sort").EvaluateAllAsync<string[]>("heads => heads.map(head => head.textContent)");

    /// <summary>The texts of a column, without differences. The heads change together with the rows, after sorting.</summary>
    private static Task<string[]> TextsAsync(IPage page, string column) => page.EvaluateAsync<string[]>(
        """
        column => {
          const at = [...document.querySelectorAll('#table thead th .sort')].findIndex(head => head.textContent.replace(/ [▲▼].*/, '') === column);
          return [...document.querySelectorAll('#table tbody tr[data-run]')].map(row => at ? row.children[at].firstChild?.data ?? '' : row.dataset.run);
        }
        """, column);

    private static async Task<double[]> NumbersAsync(IPage page, string column) =>
        [.. (await TextsAsync(page, column)).Select(text => text.Length == 0 ? double.NaN : Number(text))];

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double number) => 0;
    }
}
