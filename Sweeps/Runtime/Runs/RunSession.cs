using Microsoft.Extensions.Logging;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Nodes;
using Sweeps.Programs;
using Sweeps.Telemetry;
using Sweeps.Training;

namespace Sweeps.Runs;

/// <summary>The training session of a run on its slot, with its checkpoints, the weights of its best epoch and its reports.</summary>
internal sealed partial class RunSession(RunContext context, Assignment assignment, SlotPermit slot)
{
    private readonly List<EpochReport> history = [];
    private ITrainingSession? training;
    private int reported, epoch;
    private bool dirty;
    private int savedEpoch;
    private long savedAt;
    private double best = double.PositiveInfinity;
    private ReadOnlyMemory<byte>? unsavedWeights;

    /// <summary>The last finished epoch. Thread-safe.</summary>
    public int Epoch => Volatile.Read(ref epoch);

    /// <summary>The progress within the current epoch. Thread-safe.</summary>
    public TrainingProgress Progress => training?.Progress ?? default;

    /// <summary>The first epoch with the best value of the objective so far; 0 before the first finite value.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The reason why the run trains epochs that the log has; null if it does not.</summary>
    public string? Restarted { get; private set; }

    /// <summary>The last epoch that is trained a second time in this assignment, because its program began again; 0 if none is.</summary>
    public int Repeated { get; private set; }

    private string Sweep => context.Coordinator.Sweep;

    /// <summary>
    /// Claims the run and restores its newest checkpoint, or starts from scratch. Returns false if a newer assignment owns the run. The first assignment
    /// of a run skips the claim and the load: it has no earlier owner and no checkpoint, and its saves claim the run. An evaluation of the test part
    /// uses only a checkpoint before the epoch to evaluate.
    /// </summary>
    public async Task<bool> OpenAsync(CancellationToken cancel)
    {
        var first = assignment is { Generation: 1, Test: false };
        if (!first && !await PersistAsync(() => context.Checkpoints.ClaimAsync(Sweep, assignment.Run, assignment.Generation, cancel), cancel))
            return false;
        training = await StartAsync(cancel);
        var found = first ? null : await PersistAsync(() => context.Checkpoints.LoadAsync(Sweep, assignment.Run, cancel), cancel);
        if (assignment.Test && found?.Epoch >= assignment.UntilEpoch)
            found = null;
        else if (found is null && assignment.RecordedEpoch > 0)
            Restarted = "it has no checkpoint.";
        if (found is not null && !await TryRestoreAsync(found.Data))
        {
            await CloseAsync();
            history.Clear();
            training = await StartAsync(cancel);
        }
        // A program's checkpoint may be older than the reports that were saved with it. The later epochs are trained again.
        history.RemoveAll(report => report.Epoch > training!.Epoch);
        foreach (var report in history)
            IsBest(report);
        Volatile.Write(ref epoch, training!.Epoch);
        reported = Math.Min(training.Epoch, assignment.RecordedEpoch);
        savedEpoch = training.Epoch;
        savedAt = context.Time.GetTimestamp();
        return true;
    }

    /// <summary>Returns the next report that is in the checkpoint and not in the log; null if there is none.</summary>
    public EpochReport? NextUnreported()
    {
        if (reported >= Epoch)
            return null;
        reported++;
        return history.Single(report => report.Epoch == reported);
    }

    /// <summary>Trains the next epoch on the slot.</summary>
    public async Task<EpochReport> TrainEpochAsync(CancellationToken cancel)
    {
        using var span = SweepActivity.Epoch(Sweep, assignment.Run, assignment.Generation, Epoch + 1);
        dirty = true;
        var (report, weights) = await slot.RunAsync(() =>
        {
            var trained = training!.TrainEpoch(cancel);
            return (trained, IsBest(trained) ? Weights() : null);
        });
        unsavedWeights = weights ?? unsavedWeights;
        if (report.Last && report.Epoch == Epoch)
            return report with { Metrics = history.LastOrDefault()?.Metrics ?? report.Metrics };
        // A program that started again reports earlier epochs a second time. These reports replace the first ones.
        if (report.Epoch <= Epoch)
        {
            history.RemoveAll(earlier => earlier.Epoch >= report.Epoch);
            Restarted ??= $"its program was at epoch {Epoch} and reported epoch {report.Epoch} again.";
            Repeated = Math.Max(Repeated, Epoch);
        }
        history.Add(report);
        Volatile.Write(ref epoch, report.Epoch);
        reported = report.Epoch;
        context.Metrics.EpochTrained(Sweep, report.Seconds, report.Samples);
        return report;
    }

    /// <summary>
    /// Writes the best weights and a checkpoint if the state has changed since the last one; retries on failure. Throws
    /// <see cref="GenerationLostException"/> if a newer assignment owns the run.
    /// </summary>
    public async Task SaveAsync(CancellationToken cancel)
    {
        if (!dirty)
            return;
        await SaveBestAsync(cancel);
        if (await EncodeAsync() is { } checkpoint)
            await PersistAsync(() => WriteAsync(checkpoint, cancel), cancel);
    }

    /// <summary>Writes the weights of the best epoch if they have changed. Retries and throws as <see cref="SaveAsync"/> does.</summary>
    public Task SaveBestAsync(CancellationToken cancel) => PersistAsync(() => WriteBestAsync(cancel), cancel);

    /// <summary>
    /// Returns the metrics of the weights of <see cref="Assignment.UntilEpoch"/> on the test part. If the weights are not stored, it trains the epochs
    /// again: the same seed gives the same weights. Throws <see cref="GenerationLostException"/> if a newer assignment owns the run, and
    /// <see cref="InvalidDataException"/> if the repeated training has its best value at another epoch.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, double>> EvaluateTestAsync(CancellationToken cancel)
    {
        var kept = await PersistAsync(() => context.Checkpoints.LoadBestAsync(Sweep, assignment.Run, cancel), cancel);
        if (kept?.Epoch == assignment.UntilEpoch)
        {
            training = await StartAsync(cancel);
            await slot.RunAsync(() =>
            {
                training.LoadWeights(kept.Data);
                return true;
            });
        }
        else
        {
            if (!await OpenAsync(cancel))
                throw new GenerationLostException();
            while (Epoch < assignment.UntilEpoch)
                await TrainEpochAsync(cancel);
            if (BestEpoch != assignment.UntilEpoch)
                throw new InvalidDataException(
                    $"Trained again, the run is best at epoch {BestEpoch}, expected {assignment.UntilEpoch}: the data or the program has changed.");
            await SaveBestAsync(cancel);
        }
        return await slot.RunAsync(() => training!.EvaluateTest());
    }

    /// <summary>Writes a checkpoint if the sweep's <see cref="CheckpointPolicy"/> requires one. A failure is logged, not retried.</summary>
    public async Task SaveWhenDueAsync(CancellationToken cancel)
    {
        var due = Epoch - savedEpoch >= context.Policy.Epochs || context.Time.GetElapsedTime(savedAt) >= context.Policy.Time;
        if (!due || !dirty || cancel.IsCancellationRequested)
            return;
        try
        {
            await WriteBestAsync(cancel);
            if (await EncodeAsync() is { } checkpoint)
                await WriteAsync(checkpoint, cancel);
            else
                savedAt = context.Time.GetTimestamp();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is not GenerationLostException)
        {
            context.Metrics.CheckpointFailed(Sweep);
            CheckpointFailed(context.Logger, Sweep, assignment.Run, 1, e);
            savedAt = context.Time.GetTimestamp();
        }
    }

    /// <summary>Disposes the training session, which frees the memory of the model and ends the processes of a program.</summary>
    public async Task CloseAsync(Verdict? verdict = null)
    {
        if (training is { } open)
        {
            training = null;
            slot.Share(null);
            await slot.RunAsync(() =>
            {
                if (verdict is { } how)
                    open.End(how);
                open.Dispose();
                return true;
            });
        }
    }

    /// <summary>Returns the notes of the training session since the last call, to be recorded in the log.</summary>
    public IReadOnlyList<(string Topic, string Text)> DequeueNotes() => training?.DequeueNotes() ?? [];

    private async Task<ITrainingSession> StartAsync(CancellationToken cancel)
    {
        var source = assignment.Source is { } run ? await LoadSourceAsync(run, cancel) : (ReadOnlyMemory<byte>?)null;
        return await slot.RunAsync(() => Start(source));
    }

    private async Task<ReadOnlyMemory<byte>> LoadSourceAsync(int run, CancellationToken cancel) =>
        (await PersistAsync(() => context.Checkpoints.LoadBestAsync(Sweep, run, cancel), cancel))?.Data
        ?? throw new ConfigurationException($"it starts from the weights of run {run}, which are missing or damaged in the checkpoint store");

    private ITrainingSession Start(ReadOnlyMemory<byte>? source)
    {
        var started = context.Trainable.Start(new HostedRunStart(assignment.Configuration, assignment.Seed)
        {
            Sweep = Sweep,
            Run = assignment.Run,
            Generation = assignment.Generation,
            Objective = context.Objective.Name,
            WaitAt = [.. assignment.WaitAt.Where(epoch => epoch < assignment.UntilEpoch), assignment.UntilEpoch],
            Devices = slot.Devices,
            Host = context.Programs,
            Split = assignment.Split,
            Source = source,
        });
        slot.Share((started as IDividedSession)?.Team);
        return started;
    }

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
            CheckpointUnreadable(context.Logger, Sweep, assignment.Run, e);
            Restarted = e.Message;
            return false;
        }
    }

    private bool IsBest(EpochReport report)
    {
        if (!(context.Objective.Of(report.Metrics) < best))
            return false;
        (best, BestEpoch) = (context.Objective.Of(report.Metrics), report.Epoch);
        return true;
    }

    /// <summary>Returns the current weights; null for a trainable without weights. Called on the slot's thread.</summary>
    private ReadOnlyMemory<byte>? Weights()
    {
        using var weights = new MemoryStream();
        training!.SaveWeights(weights);
        return weights.Length > 0 ? new ReadOnlyMemory<byte>(weights.ToArray()) : null;
    }

    private async Task<bool> WriteBestAsync(CancellationToken cancel)
    {
        if (unsavedWeights is not { } weights)
            return true;
        var started = context.Time.GetTimestamp();
        if (!await context.Checkpoints.SaveBestAsync(Sweep, new StoredCheckpoint(assignment.Run, BestEpoch, assignment.Generation, weights), cancel))
            throw new GenerationLostException();
        context.Metrics.CheckpointWritten(Sweep, weights.Length, context.Time.GetElapsedTime(started));
        unsavedWeights = null;
        return true;
    }

    /// <summary>Returns the checkpoint; null if the training session has no state to continue from.</summary>
    private async Task<StoredCheckpoint?> EncodeAsync()
    {
        var data = await slot.RunAsync(() => training!.Prepare() ? RunCheckpoint.Encode(training.Epoch, assignment.Generation, history, training) : null);
        return data is null ? null : new StoredCheckpoint(assignment.Run, Epoch, assignment.Generation, data);
    }

    private async Task<bool> WriteAsync(StoredCheckpoint checkpoint, CancellationToken cancel)
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
    /// Repeats a call of the store while it fails with a transient error. This is safe, because claims, loads and saves of one generation have no further
    /// effect when repeated. Throws <see cref="StoreRefusedException"/> for a permanent error and after <see cref="RunContext.StoreAttempts"/>, because
    /// unlimited attempts would occupy the slot forever.
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
                // The exception of a cancelled call is not a failure of the store and is not counted.
                cancel.ThrowIfCancellationRequested();
                context.Metrics.CheckpointFailed(Sweep);
                CheckpointFailed(context.Logger, Sweep, assignment.Run, attempt, e);
                if (attempt == 8)
                    context.StoreFailed?.Invoke(e);
                if (attempt >= context.StoreAttempts)
                    throw new StoreRefusedException(e);
                await Retry.WaitAsync(attempt, context.Time, cancel);
            }
        }
    }

    [LoggerMessage(103, LogLevel.Warning, "Sweep {Sweep}: the checkpoint store failed for run {Run} (attempt {Attempt}).")]
    private static partial void CheckpointFailed(ILogger logger, string sweep, int run, int attempt, Exception error);

    [LoggerMessage(104, LogLevel.Warning, "Sweep {Sweep}: the checkpoint of run {Run} cannot be used; the run starts again from epoch 1.")]
    private static partial void CheckpointUnreadable(ILogger logger, string sweep, int run, Exception error);
}
