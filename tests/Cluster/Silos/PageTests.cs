using Cluster.Harness;
using Page.Tests.Support;
using Sweeps.Core;
using Tests.Shared;
using static Microsoft.Playwright.Assertions;

namespace Cluster.Silos;

/// <summary>A test that needs PostgreSQL and a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresBrowserFactAttribute : FactAttribute
{
    public PostgresBrowserFactAttribute() => Skip = new PostgresFactAttribute().Skip ?? new BrowserFactAttribute().Skip;
}

/// <summary>The page of a silo in a real cluster, in a browser.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const string Hostile = "<img/src=x/onerror=window.broken=1>";

    private readonly TemporaryFolder folder = new();

    [PostgresBrowserFact]
    public async Task The_page_of_a_silo_shows_a_sweep_live_and_steers_it_and_notes_stay_text()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 2, slots: 1, "--dashboard");
        await cluster.SubmitAsync("""
            method: random
            run_cap: 20000
            epochs: 9
            function: {name: branin, pace: 0.03}
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
            early_terminate: {type: asha, min_iter: 1, eta: 3}
            """, "page-abcde");
        await cluster.RecordedAsync("page-abcde", 40);
        // Use the silo without the coordinator, so that steering needs a call to the other one.
        var holder = await cluster.CoordinatorSiloAsync("page-abcde");
        var silo = cluster.Silos.First(one => one != holder);

        await using var visit = await browser.OpenAsync($"http://127.0.0.1:{silo.HttpPort}/sweeps/#sweep=page-abcde", height: 3000);
        visit.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync(Hostile);
        await Expect(visit.Page.Locator(".status")).ToContainTextAsync("running");
        await visit.DrawAllAsync();
        foreach (var chart in (string[])["objective", "importance", "parallel", "curves", "rungs", "slots", "slice", "contour", "histogram", "pareto"])
            Assert.True(await visit.ColoursAsync(chart) > 4, $"The chart '{chart}' is empty.");
        var moment = (await visit.Page.Locator(".moment").TextContentAsync())!;
        await Expect(visit.Page.Locator(".moment")).Not.ToHaveTextAsync(moment);

        await visit.Page.GetByText("Pause", new() { Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator(".status")).ToContainTextAsync("paused");

        await new Person(folder.Path, "--cluster", $"127.0.0.1:{silo.GatewayPort}").DoesAsync($"note {Hostile}console");
        await Expect(visit.Page.Locator(".notes")).ToContainTextAsync($"{Hostile}console");
        await visit.Page.GetByLabel("Add a note to the sweep").FillAsync($"{Hostile}page");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator(".notes")).ToContainTextAsync($"{Hostile}page");
        await visit.Page.GetByLabel("Add a tag to the sweep").FillAsync(Hostile);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator(".notes .tag")).ToContainTextAsync(Hostile);

        await visit.Page.GetByText("Cancel", new() { Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator(".status")).ToContainTextAsync("cancelled");

        var steered = (await cluster.EventsAsync("page-abcde")).Facts<SweepSteered>().ToList();
        Assert.Contains(steered, one => one is { By: "page", Why: Hostile, Action: SteerAction.Pause });
        Assert.Contains(steered, one => one is { By: "page", Action: SteerAction.Cancel });
        Assert.Equal(0, await visit.Page.Locator("img").CountAsync());
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'broken' in window"));
        Assert.Empty(visit.Problems);
    }

    public void Dispose() => folder.Dispose();
}
