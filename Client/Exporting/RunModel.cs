using Client.Running;
using Engine.Formats;
using Engine.Training;
using Npgsql;
using Sweeps.Core;
using Sweeps.Hosting;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Log.Postgres;
using Sweeps.Training.Networks;

namespace Client.Exporting;

/// <summary>The model of a run, from its newest checkpoint.</summary>
public static class RunModel
{
    /// <summary>
    /// Writes it to a <c>.safetensors</c> or <c>.npz</c> file. The data set must be here: the model's scaling and shape come from it. Throws
    /// <see cref="UsageException"/>. Returns the epoch of the weights.
    /// </summary>
    public static async Task<int> SaveAsync(Session session, SweepSpec spec, string sweep, SweepRun run, string? data, string path, CancellationToken cancel)
    {
        if (Path.GetExtension(path) is not (".safetensors" or ".npz"))
            throw new UsageException($"{path}: models are written as .safetensors or .npz.");
        if (await LoadAsync(session, sweep, run.Number, cancel) is not { } checkpoint)
            throw new UsageException($"Run {run.Number} of {sweep} has no checkpoint any more: only the best runs keep theirs. Those: ./sweep top {sweep}");
        if (Trainables.Make(session, spec, data, cancel) is not NetworkTrainable networks)
            throw new UsageException($"Sweep {sweep} trains no network, so there are no weights.");

        using var trained = networks.Start(run.Configuration, run.Seed);
        using var state = new MemoryStream(RunCheckpoint.Decode(checkpoint.Data).State.ToArray(), writable: false);
        trained.Load(state);
        try
        {
            ModelFile.Save(trained.Trainer, path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {problem.Message}", problem);
        }
        return trained.Epoch;
    }

    private static async Task<Checkpoint?> LoadAsync(Session session, string sweep, int run, CancellationToken cancel)
    {
        if (session.Store is { Length: > 0 } store)
        {
            await using var database = Sources.StoreSource.Connect(store);
            try
            {
                return await new PostgresCheckpoints(database).LoadAsync(sweep, run, cancel);
            }
            catch (NpgsqlException problem)
            {
                throw new UsageException($"The store does not answer: {problem.Message}", problem);
            }
        }
        return session.Gateways is null
            ? await new FolderCheckpoints(session.Home).LoadAsync(sweep, run, cancel)
            : throw new UsageException("Weights are in the cluster's store: name it with --store \"Host=…\" instead of --cluster.");
    }
}
