using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Programs.Drill;

/// <summary>The result of one kind of disturbance.</summary>
/// <param name="Disturbance">The disturbance, for people.</param>
/// <param name="Fault">What is wrong, in one sentence; null if the program continued as the undisturbed one.</param>
/// <param name="Difference">The largest absolute difference of a metric from the undisturbed run.</param>
public sealed record DrillResult(string Disturbance, string? Fault, double Difference = 0);

/// <summary>
/// Tests that a program can be paused, killed and moved: it trains a few epochs undisturbed, then disturbed and resumed from its checkpoint, and the
/// reports are compared. The variables of the program that differ show what its checkpoint lacks.
/// </summary>
/// <param name="spec">The program.</param>
/// <param name="objective">The metric of the sweep.</param>
/// <param name="configuration">The hyperparameters of all trials.</param>
/// <param name="host">The settings for running the program; no sweep may use its folders.</param>
/// <param name="epochs">The epochs of a trial, at least 4.</param>
/// <param name="time">The clock.</param>
public sealed class ProgramDrill(ProgramSpec spec, string objective, Configuration configuration, ProgramHost host, int epochs, TimeProvider time)
{
    private const ulong Seed = 11, OtherSeed = 12;

    private int trials;

    /// <summary>Runs all trials and returns each result as soon as it is known. Blocks.</summary>
    public IEnumerable<DrillResult> Run(CancellationToken cancel)
    {
        var plain = Train(Seed, null, [epochs], Disturbance.None, cancel);
        if (plain.Failure is { } failure)
        {
            yield return new DrillResult("undisturbed", failure);
            yield break;
        }
        var last = plain.Epochs.Count;
        if (last < 3)
        {
            yield return new DrillResult("undisturbed", $"The program ended by itself after epoch {last}; a drill needs at least 3 epochs. Give a configuration with more.");
            yield break;
        }
        var again = Train(Seed, null, [last], Disturbance.None, cancel);
        if (Compare(plain, again, 1) is { } unlike)
        {
            yield return new DrillResult("the same again", "The program does not reproduce itself even undisturbed: it draws from a generator without a seed, or its result depends on "
                + $"the time or on threads. Seed every generator, for instance with SWEEP_SEED. {unlike.Sentence}", unlike.Difference);
            yield break;
        }
        yield return new DrillResult("the same again", null);
        var other = Train(OtherSeed, null, [last], Disturbance.None, cancel);
        var diagnosis = new DrillDiagnosis(plain, again, other);
        var middle = last / 2;
        foreach (var (name, disturbance) in new[]
        {
            ($"paused after epoch {middle}, moved and resumed", Disturbance.Pause),
            ($"killed in epoch {Math.Min(middle + 2, last)}, moved and resumed", Disturbance.Kill),
            ($"asked to end in epoch {middle + 1}, moved and resumed", Disturbance.Drain),
        })
        {
            var first = Train(Seed, null, [middle, last], disturbance, cancel);
            if (first.Failure is { } failed)
            {
                yield return new DrillResult(name, failed);
                continue;
            }
            if (first.Checkpoint is not { } checkpoint)
            {
                yield return new DrillResult(name, "The program keeps no checkpoint: after every pause and every crash it starts from epoch 1 again. Write its state to the folder "
                    + "SWEEP_CHECKPOINT and the epoch to the file 'epoch' there, before the report.");
                yield break;
            }
            var resumed = Train(Seed, checkpoint, [last], Disturbance.None, cancel);
            yield return Judge(name, diagnosis, first, resumed, plain);
        }
    }

    private static DrillResult Judge(string name, DrillDiagnosis diagnosis, DrillTrial first, DrillTrial resumed, DrillTrial plain)
    {
        if (resumed.Failure is { } failure)
            return new DrillResult(name, $"It could not be resumed from the checkpoint of epoch {first.CheckpointEpoch}: {failure}");
        if (resumed.Epochs.Count == 0)
            return new DrillResult(name, $"It reported no epoch after its resume from epoch {first.CheckpointEpoch}.");
        var begun = resumed.Epochs.Keys.Min();
        if (begun <= first.CheckpointEpoch)
            return new DrillResult(name, DrillDiagnosis.CountedFrom(begun, first.CheckpointEpoch, resumed, plain));
        return Compare(plain, resumed, first.CheckpointEpoch + 1) is { } unlike
            ? new DrillResult(name, $"{diagnosis.Cause(resumed, first.CheckpointEpoch)} {unlike.Sentence}", unlike.Difference)
            : new DrillResult(name, null);
    }

    /// <summary>Returns a sentence about the first epoch in which two trials differ, and the largest difference; null if they do not differ.</summary>
    private static (string Sentence, double Difference)? Compare(DrillTrial expected, DrillTrial actual, int from)
    {
        string? sentence = null;
        var largest = 0.0;
        for (var epoch = from; epoch <= expected.Epochs.Keys.Max(); epoch++)
        {
            if (!actual.Epochs.TryGetValue(epoch, out var reported))
                return ($"Epoch {epoch} was not reported.", double.PositiveInfinity);
            foreach (var (metric, value) in expected.Epochs[epoch])
            {
                var found = reported.GetValueOrDefault(metric, double.NaN);
                if (found.Equals(value))
                    continue;
                largest = Math.Max(largest, double.IsNaN(found - value) ? double.PositiveInfinity : Math.Abs(found - value));
                sentence ??= string.Create(System.Globalization.CultureInfo.InvariantCulture, $"From epoch {epoch} on: {metric} {found:G9} instead of {value:G9}");
            }
        }
        return sentence is null ? null : (string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sentence}, largest difference {largest:G3}."), largest);
    }

    /// <summary>Starts the program once and trains to its end or to the disturbance.</summary>
    private DrillTrial Train(ulong seed, byte[]? checkpoint, int[] waitAt, Disturbance disturbance, CancellationToken cancel)
    {
        var number = ++trials;
        var notes = Path.Combine(host.Work("drill"), $"state-{number}.jsonl");
        Directory.CreateDirectory(host.Work("drill"));
        var noting = spec with { Environment = new Dictionary<string, string?>(spec.Environment) { ["SWEEP_DRILL"] = notes } };
        // Each trial has its own folders, so that a resume is also a move to another node.
        var start = new HostedRunStart(configuration, seed) { Sweep = "drill", Run = number, Generation = 1, Objective = objective, WaitAt = waitAt, Host = host };
        var trial = new DrillTrial();
        using var session = new ProgramTrainable(noting, time).Start(start);
        try
        {
            if (checkpoint is not null)
                session.Load(new MemoryStream(checkpoint, writable: false));
            var target = disturbance == Disturbance.None ? waitAt[^1] : waitAt[0];
            TrainTo(session, trial, target, waitAt[^1], cancel);
            if (disturbance == Disturbance.Kill && session.Epoch < waitAt[^1])
                TrainTo(session, trial, session.Epoch + 1, waitAt[^1], cancel);
            if (disturbance == Disturbance.Drain && session.Epoch < waitAt[^1])
                Interrupt(session, trial);
            if (disturbance != Disturbance.None)
                trial.Keep(session);
            session.End(disturbance switch { Disturbance.Kill => Verdict.Abandon, Disturbance.Pause => Verdict.Pause, _ => Verdict.Stop });
        }
        catch (ProgramException failed)
        {
            trial.Failure = failed.Message;
            session.End(Verdict.Abandon);
        }
        trial.Read(notes);
        return trial;
    }

    private static void TrainTo(ITrainingSession session, DrillTrial trial, int epoch, int last, CancellationToken cancel)
    {
        // A program that starts again reports epochs a second time. Twice the epochs are enough to detect it, and the loop must end.
        for (var reports = 0; session.Epoch < epoch && reports < 2 * last; reports++)
        {
            var report = session.TrainEpoch(cancel);
            if (report.Last)
                return;
            trial.Epochs[report.Epoch] = report.Metrics;
        }
    }

    /// <summary>Drains in the middle of an epoch: the program may write its state when it gets the signal to end.</summary>
    private static void Interrupt(ITrainingSession session, DrillTrial trial)
    {
        using var soon = new CancellationTokenSource();
        soon.Cancel();
        try
        {
            // The program may have reported an epoch before the drain.
            var report = session.TrainEpoch(soon.Token);
            if (!report.Last)
                trial.Epochs[report.Epoch] = report.Metrics;
        }
        catch (OperationCanceledException)
        {
        }
    }

    private enum Disturbance
    {
        None = 0,
        Pause = 1,
        Kill = 2,
        Drain = 3,
    }
}
