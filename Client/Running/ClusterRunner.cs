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
            return Detached(id);
        var watcher = new Watcher(source, id, session);
        try
        {
            await watcher.WatchAsync(null, cancel);
        }
        catch (OperationCanceledException)
        {
            session.Terminal.Say($"No longer watching; the sweep goes on. Look again with: ./sweep watch {id}");
            return ExitCode.Interrupted;
        }
        return session.Finish(watcher.History);
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
