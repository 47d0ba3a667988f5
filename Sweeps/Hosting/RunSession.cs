using Sweeps.Core;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Sweeps.Hosting;

/// <summary>A run's training state on its slot, with its checkpoints and the history of its reports.</summary>
internal sealed class RunSession(RunContext context, Assignment assignment, SlotPermit slot)
{
    private readonly List<EpochReport> history = [];
    private ITrainingSession? training;
    private int handedOut, epoch;
    private bool dirty;
    private int savedEpoch;
    private long savedAt;

    /// <summary>The last finished epoch. From any thread.</summary>
    public int Epoch => Volatile.Read(ref epoch);

    /// <summary>How far the epoch under way is. From any thread.</summary>
    public TrainingProgress Progress => training?.Progress ?? default;

    private string Sweep => context.Coordinator.Sweep;

    /// <summary>
    /// Claims the run and restores its newest checkpoint, or starts from scratch. False when a newer assignment owns the run. The first
    /// assignment of a run has nobody to fence off and nothing to restore; its saves claim the run themselves.
    /// </summary>
    public async Task<bool> OpenAsync(CancellationToken cancel)
    {
        var first = assignment.Generation == 1;
        if (!first && !await PersistAsync(() => context.Checkpoints.ClaimAsync(Sweep, assignment.Run, assignment.Generation, cancel), cancel))
            return false;
        training = await StartAsync();
        var found = first ? null : await PersistAsync(() => context.Checkpoints.LoadAsync(Sweep, assignment.Run, cancel), cancel);
        if (found is not null && !await TryRestoreAsync(found.Data))
        {
            await CloseAsync();
            history.Clear();
            training = await StartAsync();
        }
        Volatile.Write(ref epoch, training!.Epoch);
        handedOut = Math.Min(training.Epoch, assignment.RecordedEpoch);
        savedEpoch = training.Epoch;
        savedAt = context.Time.GetTimestamp();
        return true;
    }

    /// <summary>The report of an epoch that the checkpoint contains and the log does not, or null.</summary>
    public EpochReport? NextUnreported()
    {
        if (handedOut >= Epoch)
            return null;
        handedOut++;
        return history.Single(report => report.Epoch == handedOut);
    }

    /// <summary>Trains the next epoch on the slot.</summary>
    public async Task<EpochReport> TrainEpochAsync(CancellationToken cancel)
    {
        using var span = SweepActivity.Epoch(Sweep, assignment.Run, assignment.Generation, Epoch + 1);
        dirty = true;
        var report = await slot.RunAsync(() => training!.TrainEpoch(cancel));
        history.Add(report);
        Volatile.Write(ref epoch, report.Epoch);
        handedOut = report.Epoch;
        context.Metrics.EpochTrained(Sweep, report.Seconds, report.Samples);
        return report;
    }

    /// <summary>
    /// Writes a checkpoint if there is anything new in it, and tries until it is written. Throws
    /// <see cref="GenerationLostException"/> when a newer assignment owns the run.
    /// </summary>
    public async Task SaveAsync(CancellationToken cancel)
    {
        if (!dirty)
            return;
        var checkpoint = await EncodeAsync();
        await PersistAsync(() => WriteAsync(checkpoint, cancel), cancel);
    }

    /// <summary>Writes a checkpoint when the sweep's policy wants one. A failure is told and costs nothing but the checkpoint.</summary>
    public async Task SaveWhenDueAsync(CancellationToken cancel)
    {
        var due = Epoch - savedEpoch >= context.Policy.Epochs || context.Time.GetElapsedTime(savedAt) >= context.Policy.Time;
        if (!due || !dirty || cancel.IsCancellationRequested)
            return;
        try
        {
            await WriteAsync(await EncodeAsync(), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is not GenerationLostException)
        {
            context.Metrics.CheckpointFailed(Sweep);
            context.Logger.CheckpointFailed(Sweep, assignment.Run, 1, e);
            savedAt = context.Time.GetTimestamp();
        }
    }

    /// <summary>Frees the model's memory.</summary>
    public async Task CloseAsync()
    {
        if (training is { } open)
        {
            training = null;
            await slot.RunAsync(() =>
            {
                open.Dispose();
                return true;
            });
        }
    }

    private Task<ITrainingSession> StartAsync() => slot.RunAsync(() => context.Trainable.Start(assignment.Configuration, assignment.Seed));

    private async Task<bool> TryRestoreAsync(ReadOnlyMemory<byte> data)
    {
        try
        {
            var checkpoint = RunCheckpoint.Decode(data);
            await slot.RunAsync(() =>
            {
                using var state = new MemoryStream(checkpoint.State.ToArray(), writable: false);
                training!.Load(state);
                return true;
            });
            history.AddRange(checkpoint.History);
            for (var unreported = assignment.RecordedEpoch + 1; unreported <= training!.Epoch; unreported++)
                if (history.All(report => report.Epoch != unreported))
                    throw new InvalidDataException($"The checkpoint has no report of epoch {unreported}.");
            return true;
        }
        catch (InvalidDataException e)
        {
            context.Metrics.CheckpointFailed(Sweep);
            context.Logger.CheckpointUnreadable(Sweep, assignment.Run, e);
            return false;
        }
    }

    private async Task<Log.Checkpoint> EncodeAsync()
    {
        var data = await slot.RunAsync(() => RunCheckpoint.Encode(training!.Epoch, assignment.Generation, history, training));
        return new Log.Checkpoint(assignment.Run, Epoch, assignment.Generation, data);
    }

    private async Task<bool> WriteAsync(Log.Checkpoint checkpoint, CancellationToken cancel)
    {
        var started = context.Time.GetTimestamp();
        using var span = SweepActivity.Checkpoint(Sweep, assignment.Run, assignment.Generation, checkpoint.Epoch);
        if (!await context.Checkpoints.SaveAsync(Sweep, checkpoint, cancel))
            throw new GenerationLostException();
        context.Metrics.CheckpointWritten(Sweep, checkpoint.Data.Length, context.Time.GetElapsedTime(started));
        dirty = false;
        savedEpoch = checkpoint.Epoch;
        savedAt = context.Time.GetTimestamp();
        return true;
    }

    /// <summary>
    /// Repeats what a store refused for the moment. Claims, loads and saves of one generation may be repeated. Throws
    /// <see cref="StoreRefusedException"/> for what it would refuse again: a run that tries for ever holds its slot for ever.
    /// </summary>
    private async Task<T> PersistAsync<T>(Func<Task<T>> attemptAsync, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await attemptAsync();
            }
            catch (Exception e) when (StoreRefusedException.IsPermanent(e))
            {
                throw new StoreRefusedException(e);
            }
            catch (Exception e) when (e is not GenerationLostException)
            {
                // What a store says while it is being left is no failure of the run.
                cancel.ThrowIfCancellationRequested();
                context.Metrics.CheckpointFailed(Sweep);
                context.Logger.CheckpointFailed(Sweep, assignment.Run, attempt, e);
                if (attempt == 8)
                    context.StoreFailed?.Invoke(e);
                await Retry.WaitAsync(attempt, context.Time, cancel);
            }
        }
    }
}
