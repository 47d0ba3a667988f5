using Client.Running;
using Client.Steering;
using Client.Views;
using Sweeps.Core;
using Sweeps.Simulation;
using Sweeps.Files;

namespace Client.Simulating;

/// <summary>Simulates sweep files under one or several rules.</summary>
/// <param name="session">The terminal, the clock.</param>
/// <param name="data">Folder of tables, or null.</param>
/// <param name="slots">How many virtual slots, at least 1.</param>
/// <param name="seeds">With how many seeds, counted from the file's own; at least 1.</param>
public sealed class Simulations(Session session, string? data, int slots, int seeds)
{
    /// <summary>
    /// Every file under every rule; without rules, under its own. <paramref name="keep"/>: with the events. Throws
    /// <see cref="UsageException"/> before anything is simulated when a file trains networks or has no end.
    /// </summary>
    public IReadOnlyList<Contender> Run(IReadOnlyList<FileInfo> files, IReadOnlyList<string> rules, bool keep, CancellationToken cancel)
    {
        var all = files.SelectMany(file => Variants(file, rules)).ToList();
        foreach (var warning in all.SelectMany(one => one.File.Warnings.Select(warning => warning.At(one.File.FileName))).Distinct())
            session.Terminal.Warn(warning);
        foreach (var one in all.Where(one => seeds > 1 && !Seeded(one.File.Spec)).Select(one => one.File.FileName).Distinct())
            session.Terminal.Warn($"{one}: every seed is the same sweep; a grid is in seeded order with 'shuffle: true'.");
        return [.. all.Select(one => new Contender(Label(one.File.Spec), one.File, one.Text, Run(one.File.Spec, keep, cancel)))];

        string Label(SweepSpec spec) => (files.Count > 1, rules.Count > 0) switch
        {
            (true, true) => $"{spec.Name}: {SweepViews.Stopping(spec)}",
            (true, false) => spec.Name,
            _ => SweepViews.Stopping(spec),
        };
    }

    private static IEnumerable<(SweepFile File, string Text)> Variants(FileInfo file, IReadOnlyList<string> rules)
    {
        var (own, text) = SweepFiles.Read(file);
        Refuse(own);
        return rules.Count == 0 ? [(own, text)] : rules.Select(rule => RuleEdit.Apply(text, own.FileName, [RuleEdit.Of(own.Spec, rule)]));
    }

    private static void Refuse(SweepFile file)
    {
        if (file.Spec.Trainable is TrainableSpec.Network network)
            throw new UsageException(
                $"{file.FileName}: networks on {network.Dataset} take real time. A simulation needs 'trainable: function' or 'trainable: table'; "
                + "`sweep run` trains, `sweep whatif` replays the curves of a sweep that has run.");
        if (SpecCheck.Of(file).Cost is null && file.Spec.Budget.WallTime is null)
            throw new UsageException($"{file.FileName}: this sweep may never end; add 'run_cap' or 'budget'.");
    }

    private static bool Seeded(SweepSpec spec) =>
        spec.Method != SearchMethod.Grid || spec.Shuffle || spec.Trainable is TrainableSpec.Function { Noise: > 0 };

    private static SweepSpec WithoutPace(SweepSpec spec) =>
        spec.Trainable is TrainableSpec.Function function ? spec with { Trainable = function with { Pace = TimeSpan.Zero } } : spec;

    private List<SimulatedSweep> Run(SweepSpec spec, bool keep, CancellationToken cancel)
    {
        var trainable = Trainables.Make(session, WithoutPace(spec), data, cancel);
        var sweeps = new List<SimulatedSweep>();
        for (var seed = 0; seed < seeds; seed++)
            sweeps.Add(SimulatedSweep.Run(spec with { Seed = spec.Seed + (ulong)seed }, trainable, slots, cancel, keep));
        return sweeps;
    }
}
