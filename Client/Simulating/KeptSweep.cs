using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;

namespace Client.Simulating;

/// <summary>A simulated sweep among those of this machine, as if it had been run: for why, importance, whatif.</summary>
public static class KeptSweep
{
    /// <summary>Writes the events of the first sweep as if it had ended now, an epoch a second. Returns the new sweep's id.</summary>
    public static async Task<string> WriteAsync(Session session, Contender contender, CancellationToken cancel)
    {
        var (id, sweep) = (SweepId.New(contender.File.Spec.Name, Random.Shared), contender.Sweeps[0]);
        var shift = session.Now - sweep.Log[^1].At;
        using var log = new FolderLog(session.Home, session.Time);
        await log.AppendAsync(id, [.. sweep.Log.Select(logged => logged with
        {
            At = logged.At + shift,
            Event = logged.Event is SweepCreated ? new SweepCreated(id, contender.Text, session.User) : logged.Event,
        })], cancel);
        return id;
    }
}
