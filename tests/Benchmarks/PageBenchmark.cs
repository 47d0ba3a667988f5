using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Log;
using Sweeps.Page;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Benchmarks;

/// <summary>
/// Measures the page in a browser: size of a report, time to its first chart, time of a brush from the pointer's move to the end of the
/// drawing, memory.
/// </summary>
internal static class PageBenchmark
{
    /// <summary>How often a report is opened. The first time is given by itself: the browser has just been started.</summary>
    private const int Rounds = 6;

    private const string Spec = """
        name: large
        dataset: glyphs
        method: random
        seed: 1
        run_cap: RUNS
        epochs: 10
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          learning_rate: {distribution: log_uniform_values, min: 0.00001, max: 0.1}
          weight_decay: {distribution: log_uniform_values, min: 0.000001, max: 0.01}
          dropout: {distribution: uniform, min: 0, max: 0.6}
          momentum: {distribution: uniform, min: 0.5, max: 0.99}
          optimizer: {values: [sgd, momentum, rmsprop, adam, nadam]}
          activation: {values: [relu, tanh, sigmoid, gelu]}
          batch_size: {values: [16, 32, 64, 128, 256]}
          hidden_layers: {values: [1, 2, 3, 4]}
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["live"])
            return await LiveAsync();
        int[] sizes = args.Length > 0 ? [.. args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))] : [10_000, 100_000];
        using var playwright = await Playwright.CreateAsync();
        foreach (var runs in sizes)
        {
            await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
            var watch = Stopwatch.StartNew();
            var source = new Memory(Log(runs));
            Console.WriteLine($"{runs:N0} runs x 10 epochs x 8 parameters ({source.Events:N0} events, made in {watch.Elapsed.TotalSeconds:N1} s)");
            watch.Restart();
            var document = await SweepReport.BuildAsync(source, ["large-abcde"], CancellationToken.None);
            var file = Path.Combine(Path.GetTempPath(), $"sweep-page-{runs}.html");
            await File.WriteAllTextAsync(file, document);
            Console.WriteLine($"  report {document.Length / 1e6:N2} MB, written in {watch.Elapsed.TotalSeconds:N1} s");
            await MeasureAsync(browser, new Uri(file).AbsoluteUri);
            File.Delete(file);
        }
        return 0;
    }

    /// <summary>
    /// Measures a live sweep with a thousand events per second: the delay until the page shows an event, and the duration of its frames.
    /// </summary>
    private static async Task<int> LiveAsync()
    {
        var log = Log(5_000);
        var source = new Memory(log) { Visible = 2_000 };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        using var server = new PageServer(source, new RequestGuard([]), TimeProvider.System);
        server.Map(app, tokenInPage: false);
        await app.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 1300 } });
        await page.GotoAsync(app.Urls.First() + "/");
        await page.WaitForFunctionAsync("() => performance.getEntriesByName('drawn:parallel').length > 0", null, new() { Timeout = 120_000 });
        await page.EvaluateAsync(
            """
            () => {
              window.seen = [];
              window.frames = [];
              new MutationObserver(() => seen.push([Number(document.querySelector('.moment').textContent.match(/of ([\d,]+)/)[1].replaceAll(',', '')), performance.timeOrigin + performance.now()]))
                .observe(document.querySelector('.moment'), { childList: true });
              let last = performance.now();
              const frame = now => { frames.push(now - last); last = now; requestAnimationFrame(frame); };
              requestAnimationFrame(frame);
            }
            """);
        var added = new List<(long Seq, double At)>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(10);)
        {
            source.Visible = Math.Min(log.Count, 2_000 + (int)watch.ElapsedMilliseconds);
            added.Add((source.Visible, (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds));
            await Task.Delay(10);
        }
        await page.WaitForFunctionAsync($"() => seen.at(-1)[0] >= {source.Visible}", null, new() { Timeout = 30_000 });
        var seen = await page.EvaluateAsync<double[][]>("() => seen");
        var frames = (await page.EvaluateAsync<double[]>("() => frames")).Order().ToArray();
        var late = added.Select(one => seen.First(shown => shown[0] >= one.Seq)[1] - one.At).Order().ToArray();
        Console.WriteLine($"1,000 events/s: an event is shown after {late[late.Length / 2]:N0} ms in the middle, {late[(int)(late.Length * 0.95)]:N0} ms for 95 of 100, {late[^1]:N0} ms at most");
        Console.WriteLine($"frames: {frames[frames.Length / 2]:N0} ms in the middle, {frames[(int)(frames.Length * 0.95)]:N0} ms for 95 of 100, {frames[^1]:N0} ms at most");
        return 0;
    }

    private static async Task MeasureAsync(IBrowser browser, string url)
    {
        var rounds = new List<(double First, double Parallel, double Brush, double Longest, double Heap, double Renderer)>();
        for (var round = 0; round < Rounds; round++)
            rounds.Add(await OpenAsync(browser, url));
        var cold = rounds[0];
        rounds.RemoveAt(0);
        Console.WriteLine($"  first chart after {Middle(one => one.First)}, parallel coordinates after {Middle(one => one.Parallel)}; in a browser that has just started {cold.First:N0} and {cold.Parallel:N0} ms");
        Console.WriteLine($"  brush {Middle(one => one.Brush)} in the middle of 20, {Middle(one => one.Longest)} at most (with the wait for the frame)");
        Console.WriteLine($"  memory: {rounds.Max(one => one.Heap) / 1e6:N0} MB of JavaScript, {rounds.Max(one => one.Renderer) / 1e6:N0} MB of the page's process");

        string Middle(Func<(double First, double Parallel, double Brush, double Longest, double Heap, double Renderer), double> of)
        {
            var sorted = rounds.Select(of).Order().ToArray();
            return $"{sorted[sorted.Length / 2]:N0} ms ({sorted[0]:N0} … {sorted[^1]:N0})";
        }
    }

    private static async Task<(double First, double Parallel, double Brush, double Longest, double Heap, double Renderer)> OpenAsync(IBrowser browser, string url)
    {
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1400, Height = 1300 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(url);
        await page.WaitForFunctionAsync("() => performance.getEntriesByName('drawn:parallel').length > 0", null, new() { Timeout = 120_000 });
        var first = await page.EvaluateAsync<double>("() => Math.min(...performance.getEntriesByType('mark').filter(mark => mark.name.startsWith('drawn:')).map(mark => mark.startTime))");
        var parallel = await page.EvaluateAsync<double>("() => performance.getEntriesByName('drawn:parallel')[0].startTime");
        var brushes = await page.EvaluateAsync<double[]>(
            """
            async () => {
              const plot = document.querySelector('#parallel .plot');
              plot.setPointerCapture = () => {};
              const bounds = plot.getBoundingClientRect();
              const axis = [...plot.querySelectorAll('.axis')].findIndex(one => one.dataset.axis === 'p:learning_rate');
              const strip = plot.querySelectorAll('.strip')[axis];
              const head = plot.querySelectorAll('.axis')[axis].getBoundingClientRect();
              const x = head.left + head.width / 2;
              const send = (type, y) => strip.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: x, clientY: bounds.top + y, pointerId: 1 }));
              const drawn = () => new Promise(done => requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => done(); channel.port2.postMessage(0); }));
              send('pointerdown', 80);
              const times = [];
              for (let y = 90; y < 290; y += 10) {
                const began = performance.now();
                send('pointermove', y);
                await drawn();
                times.push(performance.now() - began);
              }
              send('pointerup', 290);
              return times;
            }
            """);
        var sorted = brushes.Order().ToArray();
        var heap = await page.EvaluateAsync<double>("() => performance.memory.usedJSHeapSize");
        return (first, parallel, sorted[sorted.Length / 2], sorted[^1], heap, Renderer());
    }

    /// <summary>The resident bytes of the largest renderer process.</summary>
    private static double Renderer() => Process.GetProcesses().Where(process => process.ProcessName.StartsWith("chrom", StringComparison.Ordinal)).Select(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("--type=renderer", StringComparison.Ordinal) ? process.WorkingSet64 : 0;
        }
        catch (IOException)
        {
            return 0L;
        }
    }).DefaultIfEmpty().Max();

    private static List<LoggedEvent> Log(int runs)
    {
        var text = Spec.Replace("RUNS", runs.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var spec = SweepFile.Stored(text);
        var log = VirtualSweep.Run(spec, Train, slots: 16, SearchFactory.Create, keepLog: true).Log;
        return [.. log.Select(logged => logged.Event is SweepCreated ? logged with { Event = new SweepCreated("large-abcde", text, "bench") } : logged)];
    }

    private static EpochReport Train(SweepRun run, int epoch)
    {
        var random = new Random(run.Number * 31 + epoch);
        var rate = Math.Log10(run.Configuration["learning_rate"]!.AsDouble()!.Value);
        var accuracy = 0.95 - 0.1 * (rate + 3) * (rate + 3) * Math.Exp(-epoch / 4.0) - 0.3 * Math.Exp(-epoch / 2.0) + 0.02 * random.NextDouble();
        return new EpochReport(epoch, new Dictionary<string, double> { ["val_accuracy"] = accuracy }, 0.5 + random.NextDouble());
    }

    private sealed class Memory(List<LoggedEvent> log) : IPageSource
    {
        public int Events => log.Count;

        /// <summary>The number of events that readers of the log can see.</summary>
        public int Visible { get; set; } = log.Count;

        public string Place => "memory";

        public bool CanSteer => false;

        public bool CanEdit => false;

        public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>(["large-abcde"]);

        public IAsyncEnumerable<LoggedEvent> ReadAsync(string sweep, long afterSeq, CancellationToken cancel) => log.Take(Visible).Skip((int)afterSeq).ToAsyncEnumerable();

        public Task<string?> WorkerAsync(string sweep, CancellationToken cancel) => Task.FromResult<string?>(null);

        public Task<StoredCheckpoint?> BestWeightsAsync(string sweep, int run, CancellationToken cancel) => Task.FromResult<StoredCheckpoint?>(null);

        public Task<SteerReply> SteerAsync(string sweep, PageRequest request, CancellationToken cancel) => throw new PageRequestException("Memory is only read.");

        public SweepSpec Changed(string spec, IReadOnlyList<(string Key, string Value)> changes) => throw new PageRequestException("Memory is only read.");
    }
}
