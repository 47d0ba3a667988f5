using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Log;
using Sweeps.Simulation;

namespace Sweeps.Page;

/// <summary>Serves the page and its data over HTTP.</summary>
/// <param name="source">The sweeps.</param>
/// <param name="guard">Decides which requests are refused.</param>
/// <param name="time">The clock.</param>
public sealed class PageServer(IPageSource source, RequestGuard guard, TimeProvider time) : IDisposable
{
    /// <summary>The interval at which a live page gets new rows.</summary>
    private static readonly TimeSpan LivePace = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan WorkerPace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, SweepFeed> feeds = new();
    private readonly ConcurrentDictionary<string, (long Seq, SweepSummary Summary)> ended = new();
    private readonly ConcurrentDictionary<(string Sweep, int Run), (int Epoch, string Json)> models = new();

    /// <summary>Maps the routes of the page and its data.</summary>
    /// <param name="routes">The application's routes, or a group of them with a prefix such as <c>/sweeps</c>.</param>
    /// <param name="tokenInPage">Whether the page contains the token, so that every user who can load the page may steer.</param>
    public void Map(IEndpointRouteBuilder routes, bool tokenInPage)
    {
        var group = routes.MapGroup("").AddEndpointFilter(GuardAsync);
        group.MapGet("/", (HttpContext http) => Html(http, PageDocument.Served(tokenInPage && source.CanSteer ? guard.Token : null)));
        group.MapGet("/api/sweeps", async (CancellationToken cancel) => Results.Text(await ListAsync(cancel), "application/json"));
        group.MapGet("/api/sweeps/{sweep}/block", (string sweep, int? from, CancellationToken cancel) => AnswerAsync(sweep, async feed =>
            Results.Bytes(await feed.LookAsync(columns => columns.Block(Math.Clamp(from ?? 0, 0, columns.Rows)), cancel), "application/octet-stream")));
        group.MapGet("/api/sweeps/{sweep}/live", LiveAsync);
        group.MapGet("/api/sweeps/{sweep}/analysis", (string sweep, long? seq, CancellationToken cancel) => AnswerAsync(sweep, async feed =>
            Json(await feed.AtAsync(seq ?? long.MaxValue, PageJson.Analysis, cancel))));
        group.MapGet("/api/sweeps/{sweep}/whatif", (string sweep, string? rule, int? eta, long? epochs, int? slots, CancellationToken cancel) =>
            AnswerAsync(sweep, async feed => Json(await WhatIfAsync(sweep, feed, PageJson.Changes(rule, eta, epochs), slots ?? 1, cancel))));
        group.MapGet("/api/sweeps/{sweep}/model", (string sweep, int run, CancellationToken cancel) => AnswerAsync(sweep, async feed =>
            Json(await ModelAsync(sweep, feed, run, cancel))));
        group.MapPost("/api/sweeps/{sweep}/steer", SteerAsync);
    }

    public void Dispose()
    {
        foreach (var feed in feeds.Values)
            feed.Dispose();
    }

    private async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (guard.Refusal(http.Request) is { } refusal)
            return Problem(StatusCodes.Status403Forbidden, refusal);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        try
        {
            return await next(context);
        }
        catch (PageRequestException mistake)
        {
            return Problem(StatusCodes.Status400BadRequest, mistake.Message);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or InvalidDataException or LogVersionException or TimeoutException)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, trouble.Message);
        }
    }

    private static IResult Html(HttpContext http, string document)
    {
        // The page requests its data relative to its own address: without the slash at the end the last segment would be lost.
        if (http.Request.Path.Value is { } path && !path.EndsWith('/'))
            return Results.Redirect(path + "/");
        http.Response.Headers.ContentSecurityPolicy = PageDocument.ServedPolicy + "; frame-ancestors 'none'";
        return Results.Text(document, "text/html; charset=utf-8");
    }

    private static IResult Json(string text) => Results.Text(text, "application/json");

    private static IResult Problem(int status, string message) => Results.Text(PageJson.Message(message), "application/json", statusCode: status);

    private async Task<IResult> AnswerAsync(string sweep, Func<SweepFeed, Task<IResult>> answer) =>
        await KnownAsync(sweep) is { } feed ? await answer(feed) : Problem(StatusCodes.Status404NotFound, $"There is no sweep '{sweep}' in {source.Place}.");

    private async Task<SweepFeed?> KnownAsync(string sweep)
    {
        if (!SweepId.IsValid(sweep) || !await HasAsync(sweep, CancellationToken.None))
            return null;
        var feed = feeds.GetOrAdd(sweep, id => new SweepFeed(source, id, time));
        return await feed.LookAsync(columns => columns.Rows, CancellationToken.None) > 0 ? feed : null;
    }

    /// <summary>
    /// Whether the source has the sweep. If it does not, the method forgets what it knew: a log that was deleted has no new events and would
    /// else be shown until the server ends. A request that still uses the feed keeps it, therefore it is not disposed.
    /// </summary>
    private async Task<bool> HasAsync(string sweep, CancellationToken cancel)
    {
        if ((await source.ListAsync(cancel)).Contains(sweep))
            return true;
        feeds.TryRemove(sweep, out _);
        ended.TryRemove(sweep, out _);
        foreach (var key in models.Keys.Where(key => key.Sweep == sweep))
            models.TryRemove(key, out _);
        return false;
    }

    private async Task<string> ListAsync(CancellationToken cancel)
    {
        var summaries = new List<SweepSummary>();
        foreach (var id in await source.ListAsync(cancel))
            summaries.Add(await SummaryAsync(id, cancel));
        return PageJson.List(source, summaries);
    }

    private async Task<SweepSummary> SummaryAsync(string sweep, CancellationToken cancel)
    {
        try
        {
            // An extension, a confirmation or an audit continues an ended sweep, so a known summary counts only while there are no new events.
            if (ended.TryGetValue(sweep, out var known) && !await source.ReadAsync(sweep, known.Seq, cancel).AnyAsync(cancel))
                return known.Summary;
            var state = new SweepState(SweepFile.Stored);
            await foreach (var logged in source.ReadAsync(sweep, 0, cancel))
                state.Apply(logged);
            var summary = SweepSummary.Of(sweep, state);
            if (state.Status == SweepStatus.Ended)
                ended[sweep] = (state.Seq, summary);
            return summary;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One unreadable log must not hide the other sweeps: the list shows the reason in its place.
            return new SweepSummary(sweep) { Problem = e.Message };
        }
    }

    /// <summary>
    /// Sends server-sent events: a block in base64 if there are new rows, and the text of <see cref="IPageSource.WorkerAsync"/> if it has
    /// changed. Rows do not wait for that text: on a cluster its source may be a silo that has died, which takes seconds to be noticed. The
    /// event <c>deleted</c> is the last one: the source does not have the sweep. A status 404 would not tell this to the page, because an
    /// EventSource hides it.
    /// </summary>
    private async Task LiveAsync(HttpContext http, string sweep, int? from)
    {
        var cancel = http.RequestAborted;
        http.Response.ContentType = "text/event-stream";
        if (await KnownAsync(sweep) is not { } feed)
        {
            await SendDeletedAsync();
            return;
        }
        // The page waits for the headers: they tell it that the server answers.
        await http.Response.Body.FlushAsync(cancel);
        var (row, worker, workerAt) = (from ?? 0, (string?)null, 0L);
        Task<string?>? asked = null;
        using var timer = new PeriodicTimer(LivePace, time);
        try
        {
            do
            {
                var (next, block) = await feed.LookAsync(columns => (columns.Rows, columns.Rows > row ? columns.Block(row) : null), cancel);
                if (block is not null)
                    await SendAsync(http, "block", Convert.ToBase64String(block), cancel);
                row = Math.Max(row, next);
                if (asked is null && (workerAt == 0 || time.GetElapsedTime(workerAt) >= WorkerPace))
                    (workerAt, asked) = (time.GetTimestamp(), WorkerAsync());
                if (asked is not { IsCompleted: true })
                    continue;
                var now = await asked;
                asked = null;
                if (now is null)
                {
                    await SendDeletedAsync();
                    return;
                }
                if (now != worker)
                    await SendAsync(http, "worker", PageJson.Message(worker = now), cancel);
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or TimeoutException)
        {
            // The page was closed, or the source does not answer. An open page connects again and sends its number of rows as from.
        }

        async Task<string?> WorkerAsync() => await HasAsync(sweep, cancel) ? await source.WorkerAsync(sweep, cancel) ?? "" : null;

        Task SendDeletedAsync() => SendAsync(http, "deleted", PageJson.Message($"Sweep {sweep} was deleted from {source.Place}."), cancel);
    }

    private static async Task SendAsync(HttpContext http, string name, string data, CancellationToken cancel)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n"), cancel);
        await http.Response.Body.FlushAsync(cancel);
    }

    private async Task<string> WhatIfAsync(string sweep, SweepFeed feed, List<(string Key, string Value)> changes, int slots, CancellationToken cancel)
    {
        if (slots is < 1 or > 4096)
            throw new PageRequestException($"{slots} slots: expected 1 … 4096.");
        if (changes.Count == 0)
            throw new PageRequestException("Say what should be different: the rule, η or the budget.");
        var log = new List<LoggedEvent>();
        await foreach (var logged in source.ReadAsync(sweep, 0, cancel))
            log.Add(logged);
        var (text, spec) = await feed.LookAsync(columns => (columns.State.SpecText, columns.State.Spec), cancel);
        var changed = source.Changed(text, changes);
        return PageJson.WhatIf(spec, changed, WhatIf.Replay(log, SweepFile.Stored, _ => changed, slots));
    }

    private async Task<string> ModelAsync(string sweep, SweepFeed feed, int run, CancellationToken cancel)
    {
        // If the model cannot be shown, for example because the data set is on another machine, the response has status 200 and a problem
        // in its JSON: the request was valid.
        var (spec, epoch) = await feed.LookAsync(columns => (columns.State.Spec, run >= 0 && run < columns.State.Runs.Count ? columns.State.Runs[run].BestEpoch : 0), cancel);
        if (epoch == 0)
            return PageJson.Problem($"Run {run} has no value yet.");
        try
        {
            if (models.TryGetValue((sweep, run), out var known) && known.Epoch == epoch)
                return known.Json;
            var model = await ModelJson.OfAsync(source, sweep, spec, run, cancel);
            // A running run stores its weights with a checkpoint: those of its best epoch may come later and must not be hidden by earlier ones.
            if (model.Epoch == epoch)
                models[(sweep, run)] = model;
            return model.Json;
        }
        catch (PageRequestException problem)
        {
            return PageJson.Problem(problem.Message);
        }
    }

    private async Task<IResult> SteerAsync(HttpContext http, string sweep)
    {
        if (!source.CanSteer)
            return Problem(StatusCodes.Status403Forbidden, $"{source.Place} is read-only. Steer the sweep through the process or cluster that runs it.");
        if (!guard.MaySteer(http.Request))
            return Problem(StatusCodes.Status403Forbidden, "This page has no token for steering: open the address that 'sweep ui' printed.");
        if (await KnownAsync(sweep) is null)
            return Problem(StatusCodes.Status404NotFound, $"There is no sweep '{sweep}' in {source.Place}.");
        var reply = await source.SteerAsync(sweep, await PageJson.RequestAsync(http.Request.Body, http.RequestAborted), http.RequestAborted);
        return reply.Accepted ? Json(PageJson.Message(reply.Message)) : Problem(StatusCodes.Status409Conflict, reply.Message);
    }
}
