using Client.Rendering;
using Client.Sources;
using Client.Watching;
using Sweeps.Core;
using Sweeps.Log;

namespace Client.Running;

/// <summary>Submits a sweep to a cluster and watches it. The sweep does not notice whether anybody watches.</summary>
public sealed class ClusterRunner(Session session)
{
    /// <summary>Submits; unless <paramref name="detach"/>, watches to the end.</summary>
    public async Task<ExitCode> SubmitAsync(string text, string fileName, SweepSpec spec, bool detach, CancellationToken cancel)
    {
        await using var source = session.OpenCluster();
        var id = SweepId.New(spec.Name, Random.Shared);
        await source.SubmitAsync(id, text, fileName, session.User, cancel);
        session.Terminal.Say($"Sweep {id}: {SweepWords.What(spec)}, submitted to {source.Place}.");
        if (detach)
        {
            foreach (var obstacle in await ObstaclesAsync(source, id, cancel))
                session.Terminal.Warn(obstacle);
            return Detached(id);
        }
        var watcher = new Watcher(source, id, session) { UntilTested = true };
        try
        {
            await watcher.WatchAsync(null, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            session.Terminal.Say($"No longer watching; the sweep goes on. Look again with: ./sweep watch {id}");
            return ExitCode.Interrupted;
        }
        return session.Finish(watcher.History);
    }

    /// <summary>What keeps the sweep from beginning, once every node has heard of it: none when a run is assigned first.</summary>
    private static async Task<IReadOnlyList<string>> ObstaclesAsync(ClusterSource source, string sweep, CancellationToken cancel)
    {
        for (var look = 0; look < 10; look++)
        {
            if ((await source.FoldAsync(sweep, cancel)).State.Runs.Count > 0)
                return [];
            if (await source.ObstaclesAsync(sweep, cancel) is { Count: > 0 } obstacles)
                return obstacles;
            await Task.Delay(TimeSpan.FromSeconds(0.5), cancel);
        }
        return [];
    }

    private ExitCode Detached(string id)
    {
        if (session.Terminal.Json)
            session.Terminal.WriteData($"{{\"sweep\":\"{id}\",\"state\":\"submitted\"}}");
        else
            session.Terminal.Say($"Watch it with: ./sweep watch {id}");
        return ExitCode.Done;
    }
}
