using Client;
using Client.Local;
using Client.Output;
using Client.Sources;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Page;
using Tests.Shared;

namespace Page.Tests.Support;

/// <summary>Sweeps in a folder, and the page of <c>sweep ui</c> over them in this process.</summary>
internal sealed class ServedSweeps : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FolderLog log;
    private FolderSource? source;
    private PageHost? host;

    public ServedSweeps() => log = new FolderLog(Home, TimeProvider.System);

    public SweepHome Home => new(folder["home"]);

    /// <summary>The address without the token.</summary>
    public string Url => host!.AddressOf(null).Split('#')[0];

    /// <summary>The address with the token, of a sweep.</summary>
    public string AddressOf(string? sweep) => host!.AddressOf(sweep);

    /// <summary>Serves the page of one sweep that no process runs.</summary>
    public static async Task<ServedSweeps> OfAsync(string sweep, IEnumerable<LoggedEvent> log)
    {
        var sweeps = new ServedSweeps();
        await sweeps.AppendAsync(sweep, log);
        sweeps.Close(sweep);
        await sweeps.StartAsync();
        return sweeps;
    }

    /// <summary>Adds events to a sweep's log.</summary>
    public Task AppendAsync(string sweep, IEnumerable<LoggedEvent> events) => log.AppendAsync(sweep, [.. events], CancellationToken.None);

    /// <summary>Releases the sweep's lock, as a process does when it ends.</summary>
    public void Close(string sweep) => log.Close(sweep);

    /// <summary>Serves the page.</summary>
    /// <param name="change">Replaces the source of the page; null for the one of <c>sweep ui</c>.</param>
    /// <param name="port">The port, or 0 for any free one.</param>
    public async Task StartAsync(Func<IPageSource, IPageSource>? change = null, int port = 0)
    {
        source = new FolderSource(new CommandContext(Terminal.OfProcess(json: false), Home, TimeProvider.System, "ann"));
        var pages = new PageSource(source, "ann");
        host = await PageHost.StartAsync(change?.Invoke(pages) ?? pages, port, orAnyPort: false, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Ends the server.</summary>
    public async Task StopAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        if (source is not null)
            await source.DisposeAsync();
        (host, source) = (null, null);
    }

    /// <summary>Deletes a sweep, as <c>sweep delete</c> does.</summary>
    public void Delete(string sweep)
    {
        log.Close(sweep);
        Directory.Delete(Home.Folder(sweep), recursive: true);
    }

    /// <summary>Writes the report of a sweep as <c>sweep report</c> does, and returns its address.</summary>
    public async Task<string> ReportAsync(string sweep)
    {
        await File.WriteAllTextAsync(folder["report.html"], await DocumentAsync(sweep));
        return new Uri(folder["report.html"]).AbsoluteUri;
    }

    /// <summary>The report of a sweep, up to an event or of the whole log.</summary>
    public Task<string> DocumentAsync(string sweep, string? at = null) => Sweeps.Page.SweepReport.BuildAsync(
        new PageSource(at is null ? source! : new CutSource(source!, LogCut.Parse(at, TimeZoneInfo.Utc), _ => { }), "ann"), [sweep], CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        log.Dispose();
        folder.Dispose();
    }
}
