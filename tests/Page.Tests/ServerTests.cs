using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Client;
using Client.Sources;
using Page.Tests.Support;
using Sweeps.Core;
using Sweeps.Page;
using static Microsoft.Playwright.Assertions;

namespace Page.Tests;

/// <summary>The page over HTTP.</summary>
public class ServerTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>A sweep of a program, with a value that has a space.</summary>
    private const string Worded = """
        program: train.py
        method: random
        seed: 3
        run_cap: 40
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          greeting: {values: [two words, word]}
          learning_rate: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
          epochs: {value: 3}
        """;

    [Fact]
    public async Task RequestsOfForeignHostsAndOrigins_AndSteeringWithoutTheToken_AreRefused()
    {
        await using var sweeps = await ServedSweeps.OfAsync("ordinary-abcde", RecordedSweep.Of("ordinary-abcde"));
        using var http = new HttpClient { BaseAddress = new Uri(sweeps.Url) };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new(HttpMethod.Get, "/")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new(HttpMethod.Get, "/api/sweeps/ordinary-abcde/block")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new(HttpMethod.Get, "/api/sweeps/other-abcde/block")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new(HttpMethod.Get, "/api/sweeps/..%2f..%2fetc/block")));
        foreach (var path in (string[])["/", "/api/sweeps", "/api/sweeps/ordinary-abcde/block", "/api/sweeps/ordinary-abcde/analysis"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new(HttpMethod.Get, path) { Headers = { Host = "evil.example" } }));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new(HttpMethod.Get, path) { Headers = { { "Origin", "http://evil.example" } } }));
        }

        using (var foreign = await http.SendAsync(new(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } }))
            Assert.Contains(sweeps.Url, await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var token = sweeps.AddressOf(null).Split("token=")[1];
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(Steer(null)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(Steer("0123")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(Steer(token, ("Origin", "http://evil.example"))));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(Steer(token, ("Sec-Fetch-Site", "cross-site"))));
        // The sweep has ended: the request reaches the sweep machine, which refuses it with a reason.
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(Steer(token)));

        using var page = await http.GetAsync("/");
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain(token, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        async Task<HttpStatusCode> StatusAsync(HttpRequestMessage request)
        {
            using (request)
            {
                using var answer = await http.SendAsync(request);
                return answer.StatusCode;
            }
        }

        static HttpRequestMessage Steer(string? token, params (string Name, string Value)[] headers)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/sweeps/ordinary-abcde/steer")
            {
                Content = new StringContent("""{"action":"pause"}""", Encoding.UTF8, "application/json"),
            };
            if (token is not null)
                request.Headers.Add("X-Sweep-Token", token);
            foreach (var (name, value) in headers)
                request.Headers.Add(name, value);
            return request;
        }
    }

    [BrowserFact]
    public async Task ARunningSweepGrowsOnThePage_AndTimeTravelShowsItAsItWas()
    {
        var log = RecordedSweep.Of("live-abcde");
        await using var sweeps = new ServedSweeps();
        await sweeps.AppendAsync("live-abcde", log.Take(100));
        await sweeps.StartAsync();
        await using var visit = await browser.OpenAsync(sweeps.AddressOf("live-abcde"), height: 3000);
        await visit.DrawAllAsync();
        await Expect(visit.Page.Locator(".moment")).ToContainTextAsync("event 100 of 100");
        var early = await visit.PixelsAsync("objective");
        var runs = await visit.Page.Locator("#table .caption").TextContentAsync();

        await sweeps.AppendAsync("live-abcde", log.Skip(100));
        await Expect(visit.Page.Locator(".moment")).ToContainTextAsync($"event {log.Count:N0} of {log.Count:N0}");
        await Expect(visit.Page.Locator("#table .caption")).ToContainTextAsync("120 of 120 runs");
        await Expect(visit.Page.Locator(".status")).ToContainTextAsync("finished");

        await visit.Page.Locator(".travel input[type=text]").FillAsync("seq:100");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("#table .caption")).ToHaveTextAsync(runs!);
        await Expect(visit.Page.Locator(".status")).ToContainTextAsync("running");
        await visit.Page.WaitForFunctionAsync("() => location.hash.includes('seq=100') && !location.hash.includes('token')");
        await visit.WaitForPixelsAsync("objective", early);
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task NewRowsDoNotWaitForTheAnswerWhichProcessRunsTheSweep()
    {
        var log = RecordedSweep.Of("silent-abcde");
        await using var sweeps = new ServedSweeps();
        await sweeps.AppendAsync("silent-abcde", log.Take(100));
        await sweeps.StartAsync(source => new StatedWorker(source));
        using var http = new HttpClient { BaseAddress = new Uri(sweeps.Url) };
        using var live = new StreamReader(await http.GetStreamAsync("/api/sweeps/silent-abcde/live"));
        Assert.Equal("event: block", await live.ReadLineAsync());
        Assert.StartsWith("data: ", await live.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await live.ReadLineAsync());

        await sweeps.AppendAsync("silent-abcde", log.Skip(100));

        Assert.Equal("event: block", await live.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [BrowserFact]
    public async Task ThePageSteers_WithTheTokenOfItsAddressOnly_AndKeepsWhatAPersonTypes()
    {
        var log = RecordedSweep.Of("steered-abcde", Worded);
        await using var sweeps = new ServedSweeps();
        await sweeps.AppendAsync("steered-abcde", log.Take(60));
        sweeps.Close("steered-abcde");
        await sweeps.StartAsync();

        await using (var onlooker = await browser.OpenAsync(sweeps.Url))
        {
            await Expect(onlooker.Page.Locator(".status")).ToContainTextAsync("interrupted");
            await Expect(onlooker.Page.GetByText("Pause", new() { Exact = true })).Not.ToBeVisibleAsync();
        }
        await using var visit = await browser.OpenAsync(sweeps.AddressOf("steered-abcde"), height: 2400);
        var page = visit.Page;
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync("too <b>hot</b>");

        // New events change neither the field in which a person types nor the focus.
        await page.Locator("#table tbody tr").Filter(new() { HasText = "two words" }).First.Locator("button.link").ClickAsync();
        var note = page.GetByLabel("Add a note to run");
        await note.FillAsync("half a tho");
        await sweeps.AppendAsync("steered-abcde", log.Skip(60).Take(40));
        sweeps.Close("steered-abcde");
        await Expect(page.Locator(".facts").First).ToContainTextAsync($"{log.Take(100).Count(logged => logged.Event is EpochRecorded)} epochs");
        await Expect(note).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("ught");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#details ul li").Filter(new() { HasText = "half a thought" })).ToBeVisibleAsync();
        await Expect(note).ToBeFocusedAsync();
        await Expect(note).ToHaveValueAsync("");

        await page.GetByText("Pause", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".status")).ToContainTextAsync("paused");
        await Expect(page.Locator(".message")).ToBeInViewportAsync();

        // A refused configuration stays in the dialog.
        var before = Words();
        await page.GetByText("Enqueue like this").ClickAsync();
        await Expect(page.Locator("dialog").GetByLabel("greeting")).ToHaveValueAsync("two words");
        await page.Locator("dialog").GetByLabel("learning_rate").FillAsync("fast");
        await page.Locator("dialog").GetByText("Enqueue", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("dialog .bad")).ToContainTextAsync("learning_rate");
        await Expect(page.Locator("dialog").GetByLabel("learning_rate")).ToHaveValueAsync("fast");
        await page.Locator("dialog").GetByLabel("learning_rate").FillAsync("0.02");
        await page.Locator("dialog").GetByText("Enqueue", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        Assert.True(Words() > before, "The log has no configuration with two words.");

        await page.GetByLabel("Add a tag to run").FillAsync("good");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#details .tag")).ToContainTextAsync("good");
        await Expect(page.Locator("#table thead")).ToContainTextAsync("tags");
        await page.Locator("input[aria-label='Search runs']").FillAsync("good");
        await Expect(page.Locator("#table .caption")).ToContainTextAsync("1 of ");
        // The refused request is the only problem: the browser reports its status.
        Assert.All(visit.Problems, problem => Assert.Contains("400", problem, StringComparison.Ordinal));

        int Words() => File.ReadAllText(sweeps.Home.Events("steered-abcde")).Split("two words").Length;
    }

    [BrowserFact]
    public async Task ThePageFollowsTheListOfSweeps_AServerThatReturns_AndADeletedSweep()
    {
        var log = RecordedSweep.Of("first-abcde");
        await using var sweeps = new ServedSweeps();
        await sweeps.StartAsync(source => new StatedWorker(source, "process 7"));
        var (url, port) = (sweeps.Url, new Uri(sweeps.Url).Port);
        await using var visit = await browser.OpenAsync(sweeps.AddressOf(null));
        var page = visit.Page;
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync("");
        await Expect(page.Locator(".loading")).ToContainTextAsync("There are no sweeps");

        await sweeps.AppendAsync("first-abcde", log.Take(30));
        await Expect(page.Locator(".status")).ToContainTextAsync("running");
        await sweeps.AppendAsync("first-abcde", log.Skip(30).Take(170));
        var choice = page.GetByLabel("Sweep", new() { Exact = true });
        await Expect(choice.Locator("option:checked")).ToHaveTextAsync($"first-abcde · running · {log.Take(200).Count(logged => logged.Event is RunCreated)} runs");
        await sweeps.AppendAsync("second-abcde", RecordedSweep.Of("second-abcde").Take(100));
        await choice.FocusAsync();
        await Expect(choice.Locator("option")).ToHaveCountAsync(2);

        await sweeps.StopAsync();
        await Expect(page.Locator(".message")).ToContainTextAsync("No connection to the server since");
        await Expect(page.Locator(".status")).ToContainTextAsync("running");
        await page.GetByText("Pause", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".message")).ToContainTextAsync("The server does not answer.");
        await sweeps.StartAsync(source => new StatedWorker(source, "process 7"), port);
        await Expect(page.Locator(".message")).Not.ToBeVisibleAsync();

        sweeps.Delete("first-abcde");
        await Expect(page.Locator(".message")).ToContainTextAsync("first-abcde was deleted");
        await Expect(page.Locator(".status")).ToContainTextAsync("deleted");
        await page.GotoAsync(url + "#sweep=first-abcde");
        await Expect(page.Locator(".message")).ToContainTextAsync("There is no sweep 'first-abcde'");
        await Expect(choice.Locator("option:checked")).ToHaveTextAsync("choose a sweep");
        await choice.SelectOptionAsync("second-abcde");
        await Expect(page.Locator(".status")).ToContainTextAsync("running");
    }

    [BrowserFact]
    public async Task AConfigurationWithAList_IsEnqueuedAgain()
    {
        const string text = """
            name: listed
            function: branin
            method: random
            run_cap: 20
            epochs: 3
            metric: {name: value, goal: maximize}
            parameters:
              hidden: {values: [[64, 32], [128, 16]]}
              x1: {min: -5.0, max: 10.0}
              x2: {min: 0.0, max: 15.0}
            """;
        await using var sweeps = new ServedSweeps();
        await sweeps.AppendAsync("listed-abcde", RecordedSweep.Of("listed-abcde", text, 4, "value").Take(30));
        sweeps.Close("listed-abcde");
        await sweeps.StartAsync();
        await using var visit = await browser.OpenAsync(sweeps.AddressOf("listed-abcde") + "&runs=0", height: 2400);
        var dialog = visit.Page.Locator("dialog");

        await visit.Page.GetByText("Enqueue like this").ClickAsync();

        await Expect(dialog.Locator("select")).ToHaveValueAsync(new Regex(@"^\[\d+, \d+\]$"));
        Assert.Matches(@"^-?[\d.]{1,11}$", await dialog.GetByLabel("x1").InputValueAsync());
        await dialog.GetByText("Enqueue", new() { Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator(".message")).ToContainTextAsync("next new run");
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task TheListShowsAnEndedSweepThatIsExtendedAsRunning()
    {
        var log = RecordedSweep.Of("extended-abcde");
        await using var sweeps = await ServedSweeps.OfAsync("extended-abcde", log);
        using var http = new HttpClient { BaseAddress = new Uri(sweeps.Url) };
        Assert.Contains("\"status\":\"finished\"", await http.GetStringAsync(new Uri("/api/sweeps", UriKind.Relative)), StringComparison.Ordinal);

        var more = RecordedSweep.Ordinary.Replace("run_cap: 120", "run_cap: 130", StringComparison.Ordinal);
        await sweeps.AppendAsync("extended-abcde", [new LoggedEvent(log[^1].Seq + 1, log[^1].At, new SweepSteered("ann", "", new SteerAction.Change(more)))]);

        Assert.Contains("\"status\":\"running\"", await http.GetStringAsync(new Uri("/api/sweeps", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASlowAnalysisDoesNotKeepPagesFromNewRows()
    {
        await using var sweeps = await ServedSweeps.OfAsync("slow-abcde", RecordedSweep.Of("slow-abcde"));
        await using var folder = new FolderSource(new CommandContext(Client.Output.Terminal.OfProcess(json: false), sweeps.Home, TimeProvider.System, "ann"));
        using var feed = new SweepFeed(new PageSource(folder, "ann"), "slow-abcde", TimeProvider.System);
        var (begun, leave) = (new TaskCompletionSource(), new TaskCompletionSource());
        var analysis = Task.Run(() => feed.AtAsync(long.MaxValue, state =>
        {
            begun.SetResult();
            leave.Task.Wait();
            return state.Runs.Count;
        }, CancellationToken.None));
        await begun.Task;

        try
        {
            Assert.NotEqual(0, await feed.LookAsync(columns => columns.Rows, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
        }
        finally
        {
            leave.SetResult();
        }
        Assert.Equal(120, await analysis);
    }

    [BrowserFact]
    public async Task TwoSweepsStandBesideEachOther_AndAPhoneShowsEveryChart()
    {
        await using var sweeps = await ServedSweeps.OfAsync("first-abcde", RecordedSweep.Of("first-abcde"));
        await sweeps.AppendAsync("second-abcde", RecordedSweep.Of("second-abcde", RecordedSweep.Ordinary.Replace("seed: 3", "seed: 4", StringComparison.Ordinal)));
        await using var visit = await browser.OpenAsync(sweeps.AddressOf("first-abcde") + "&find=adam");
        await visit.Page.GetByLabel("Second sweep beside it").SelectOptionAsync("second-abcde");

        await Expect(visit.Page.Locator(".sweep")).ToHaveCountAsync(2);
        await Expect(visit.Page.GetByLabel("Search runs").First).ToHaveValueAsync("adam");
        await Expect(visit.Page.Locator("#objective[data-drawn]")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator("[id='b.objective'][data-drawn]")).ToHaveCountAsync(1);
        Assert.NotEqual(await visit.PixelsAsync("objective"), await visit.PixelsAsync("b.objective"));
        await Expect(visit.Page.Locator(".sweep[data-complete]")).ToHaveCountAsync(2);
        await visit.Page.GetByText("Rungs and slots", new() { Exact = true }).First.ClickAsync();
        await visit.Page.WaitForFunctionAsync("() => ['section-decisions', 'b.section-decisions'].every(id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 100)");
        await visit.Page.GoBackAsync();
        await Expect(visit.Page.Locator(".sweep")).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByLabel("Search runs")).ToHaveValueAsync("adam");

        await using var phone = await browser.OpenAsync(sweeps.AddressOf("first-abcde"), 390, 844, Microsoft.Playwright.ColorScheme.Dark);
        await phone.DrawAllAsync();
        Assert.True(await phone.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the phone.");
        Assert.Empty(visit.Problems.Concat(phone.Problems));
    }
}
