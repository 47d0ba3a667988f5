using Microsoft.Playwright;

namespace Page.Tests.Support;

/// <summary>A test in a real browser: reported as skipped, with the reason, if Chromium is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Path is null
        ? "Chromium is not installed: apt-get install chromium, or set SWEEP_CHROMIUM to the program."
        : null;
}

/// <summary>A headless Chromium for the tests of a class. Classes run beside each other.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>The installed Chromium, or null.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("SWEEP_CHROMIUM") is { Length: > 0 } chosen
        ? chosen
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => System.IO.Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Path is null)
            return;
        playwright = await Playwright.CreateAsync();
        // The default of five seconds is too short on a busy machine.
        Assertions.SetDefaultExpectTimeout(60_000);
        // Chromium's sandbox does not work for root, and containers run the tests as root. Without a GPU, drawing directly takes less time than an emulated GPU.
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>Opens an address in a new browser context, whose clock has a time zone; null for the zone of the machine.</summary>
    public async Task<Visit> OpenAsync(
        string url, int width = 1400, int height = 1000, ColorScheme scheme = ColorScheme.Light, string? zone = null, bool touch = false)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce, TimezoneId = zone,
            HasTouch = touch, IsMobile = touch,
        });
        var visit = new Visit(context, await context.NewPageAsync());
        await visit.Page.GotoAsync(url);
        return visit;
    }
}

/// <summary>A page in the browser, with its errors.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> problems = [];

    public Visit(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) => Keep(message.Type is "error" or "warning" ? $"console {message.Type}: {message.Text}" : null);
        page.PageError += (_, error) => Keep($"exception: {error}");
        page.Request += (_, request) => Keep(IsInside(request.Url) ? null : $"request to {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings on the console, exceptions, and requests to other machines.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (problems)
                return [.. problems];
        }
    }

    /// <summary>Scrolls to each chart in turn until all are drawn.</summary>
    public async Task DrawAllAsync()
    {
        await Page.WaitForFunctionAsync("() => document.querySelector('.sweep') && [...document.querySelectorAll('.sweep')].every(one => one.dataset.complete)");
        foreach (var card in await Page.Locator("section.card:visible").AllAsync())
        {
            await card.ScrollIntoViewIfNeededAsync();
            await Assertions.Expect(card).ToHaveAttributeAsync("data-drawn", "true", new() { Timeout = 60_000 });
        }
        // The importance is computed after the first drawing of its chart.
        await Page.WaitForFunctionAsync("() => [...document.querySelectorAll('#importance .caption')].every(caption => !caption.textContent.includes('being computed'))");
    }

    /// <summary>The number of colours of a chart: 1 if it is empty.</summary>
    public Task<int> ColoursAsync(string card) => Page.EvaluateAsync<int>(
        """
        id => {
          const canvas = document.querySelector(`#${CSS.escape(id)} canvas`);
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        }
        """, card);

    /// <summary>A number that changes with the pixels of a chart.</summary>
    public Task<double> PixelsAsync(string card) => Page.EvaluateAsync<double>(
        """
        id => {
          const canvas = document.querySelector(`#${CSS.escape(id)} canvas`);
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
          let sum = 0;
          for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i]) % 4294967291;
          return sum;
        }
        """, card);

    /// <summary>Waits until the pixels of a chart give this number again.</summary>
    public async Task WaitForPixelsAsync(string card, double pixels)
    {
        for (var tries = 0; await PixelsAsync(card) is var now && now != pixels; tries++)
        {
            Assert.True(tries < 600, $"The chart '{card}' does not look as it did.");
            await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private static bool IsInside(string url) =>
        url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal) || url.StartsWith("file:", StringComparison.Ordinal)
        || url.StartsWith("blob:", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal);

    private void Keep(string? problem)
    {
        if (problem is not null)
            lock (problems)
                problems.Add(problem);
    }
}
