using System.Reflection;
using Microsoft.Playwright;
using Page.Tests.Support;

namespace Page.Tests;

/// <summary>The module <c>scales.js</c>, which imports nothing, alone in the browser.</summary>
public class ScaleTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task ADurationIsRoundedBeforeItIsDividedIntoUnits()
    {
        var texts = await EvaluateAsync<string[]>("scales => [12.345, 59.96, 90, 119.7, 3599.7, 7199, 9000].map(seconds => scales.formatDuration(seconds * 1000))");

        Assert.Equal(["12.3 s", "1 min", "1 min 30 s", "2 min", "1 h", "2 h", "2 h 30 min"], texts);
    }

    [BrowserFact]
    public async Task ValuesThatDifferOnlyByRounding_HaveTicksAsEqualOnes()
    {
        var ticks = EvaluateAsync<double[][]>("scales => [scales.linearScale(0.9, 0.9 + 2 ** -53).ticks(8), scales.linearScale(0.9, 0.9).ticks(8), scales.logScale(0.9, 0.9 + 2 ** -53).ticks(8)]");

        var all = await ticks.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.NotEmpty(all[0]);
        Assert.Equal(all[1], all[0]);
        Assert.Equal(all[1], all[2]);
    }

    private async Task<T> EvaluateAsync<T>(string use)
    {
        var folder = typeof(ScaleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Modules").Value!;
        await using var visit = await browser.OpenAsync("about:blank");
        return await visit.Page.EvaluateAsync<T>(
            $"async text => ({use})(await import(URL.createObjectURL(new Blob([text], {{ type: 'text/javascript' }}))))", await File.ReadAllTextAsync(Path.Combine(folder, "scales.js")));
    }
}
