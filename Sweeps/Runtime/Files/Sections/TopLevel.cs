using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Files.Yaml;
using Sweeps.Training;

namespace Sweeps.Files.Sections;

/// <summary>The top level of a sweep file.</summary>
internal static class TopLevel
{
    private const string CustomMethod = "custom";

    /// <summary>Reads every key. Returns null after reported mistakes.</summary>
    public static (SweepSpec Spec, TrainableDescriptor Trainable)? Read(
        Section top, string defaultName, bool stored, Dictionary<string, SourceLocation> locations,
        IReadOnlyList<SearchMethod> knownMethods, IReadOnlyList<RuleDescriptor> knownRules, IReadOnlyList<TrainableDescriptor> knownTrainables)
    {
        var diagnostics = top.Diagnostics;
        var method = ReadMethod(top, knownMethods);
        var shuffle = top.TakeBoolean("shuffle") ?? false;
        if (shuffle && method is not null && method != SearchMethod.Grid)
            top.Mistake("shuffle", "'shuffle' is allowed only with 'method: grid', because every other method has its own order.");
        var parameters = ParametersSection.Read(top, locations);
        var (kind, trainable) = TrainableSection.Read(top, stored, knownTrainables);
        var hasMetric = top.Has("metric");
        var objective = MetricSection.Read(top, kind, trainable);
        var epochs = top.TakeInteger("epochs", 1, SweepSpec.EpochLimit);
        var rules = RulesSection.Read(top, knownRules);
        if (!hasMetric && (method is { NeedsMetric: true } || rules.Count > 0))
            top.Mistake(null, $"'metric' is missing: 'early_terminate' and the methods {Names(knownMethods.Where(known => known.NeedsMetric))} need to know what is good. Add: metric: {{name: val_accuracy, goal: maximize}}");
        var spec = new
        {
            Name = top.TakeText("name") ?? defaultName,
            Description = top.TakeText("description") ?? "",
            RunCap = (int?)top.TakeInteger("run_cap", 1, int.MaxValue),
            Seed = (ulong)(top.TakeInteger("seed", 0) ?? 0),
            Budget = ReadBudget(top),
            Checkpoint = ReadCheckpoint(top),
            Confirm = ReadConfirm(top),
            OnBest = HookSection.Read(top, Hook.Best),
            OnEnd = HookSection.Read(top, Hook.End),
            Slots = new SlotShare(
                (int)(top.TakeInteger("priority", -1000, 1000) ?? 0),
                top.TakeNumber("weight", weight => weight > 0, "a number above 0") ?? 1,
                (int?)top.TakeInteger("max_slots", 1, int.MaxValue)),
        };
        var enqueue = top.Take("enqueue");
        var constraints = top.Take("constraints");
        WandbKeys.Read(top, kind);
        top.End();
        if (method is null || objective is null || trainable is null || parameters is null || diagnostics.HasMistakes)
            return null;

        var space = new SearchSpace(parameters);
        if (method == SearchMethod.Grid)
            CheckGrid(space, locations, diagnostics);
        var count = kind.OpenEnded
            ? EpochCount.Open(epochs, rules.Max(read => read.Rule.LastEpoch))
            : EpochCount.Of(space, epochs, rules.Max(read => read.Rule.DefaultEpochs), top, locations);
        return (new SweepSpec
        {
            Name = spec.Name,
            Description = spec.Description,
            Method = method,
            Shuffle = shuffle,
            Objective = objective,
            Space = space,
            Rules = [.. rules.Select(read => read.Rule.Complete(count.Most, read.Section))],
            RunCap = spec.RunCap,
            Budget = spec.Budget,
            Seed = spec.Seed,
            Enqueue = enqueue is null ? [] : EnqueueSection.Read(enqueue, space, diagnostics),
            Constraints = constraints is null ? [] : ConstraintsSection.Read(constraints, space, spec.Seed, diagnostics),
            Epochs = count.Fixed,
            EpochsParameter = count.Parameter,
            SourceParameter = kind.SourceParameter(space),
            MaxEpochs = count.Most,
            OpenEnded = kind.OpenEnded && count.Most == SweepSpec.EpochLimit,
            Trainable = trainable,
            Checkpoint = spec.Checkpoint,
            Confirm = spec.Confirm,
            OnBest = spec.OnBest,
            OnEnd = spec.OnEnd,
            Slots = spec.Slots,
        }, kind);
    }

    private static SearchMethod? ReadMethod(Section top, IReadOnlyList<SearchMethod> known)
    {
        if (!top.Has("method"))
        {
            top.Know("method");
            top.Diagnostics.Mistake(top.Location, $"'method' is missing. Expected one of: {Names(known)}.");
            return null;
        }
        if (top.Take("method") is ScalarNode { Text: CustomMethod } custom)
        {
            top.Diagnostics.Mistake(custom.Location, "'method: custom' runs a search program of your own at W&B and is not supported here. Choose one of: " +
                $"{Names(known)}.");
            return null;
        }
        return top.TakeNamed("method", known, method => method.Name);
    }

    private static string Names(IEnumerable<SearchMethod> methods) => string.Join(", ", methods.Select(method => method.Name));

    private static Budget ReadBudget(Section top)
    {
        if (top.TakeSection("budget") is not { } budget)
            return new Budget();
        var epochs = budget.TakeInteger("epochs", 1);
        var time = budget.TakeDuration("time");
        budget.End();
        return new Budget(epochs, time);
    }

    /// <summary>Reads <c>checkpoint</c>. Without the section the default policy applies; a section with one of the two keys sets only that interval.</summary>
    private static CheckpointPolicy ReadCheckpoint(Section top)
    {
        if (top.TakeSection("checkpoint") is not { } checkpoint)
            return new CheckpointPolicy();
        var epochs = (int?)checkpoint.TakeInteger("epochs", 1, int.MaxValue);
        var time = checkpoint.TakeDuration("time");
        checkpoint.End();
        return new CheckpointPolicy(epochs, time);
    }

    private static ConfirmSpec? ReadConfirm(Section top)
    {
        if (top.TakeSection("confirm") is not { } confirm)
            return null;
        var usual = new ConfirmSpec();
        var (runs, seeds) = ((int)(confirm.TakeInteger("top", 2, 1000) ?? usual.Top), (int)(confirm.TakeInteger("seeds", ConfirmSpec.MinSeeds, 1000) ?? usual.Seeds));
        confirm.End();
        return new ConfirmSpec(runs, seeds);
    }

    private static void CheckGrid(SearchSpace space, Dictionary<string, SourceLocation> locations, Diagnostics diagnostics)
    {
        foreach (var parameter in space.Parameters.Where(parameter => parameter.Distribution.GridSize is null))
            diagnostics.Mistake(locations[parameter.Name], $"A grid cannot step through '{parameter.Name}' ({parameter.Distribution.Name}). Give it 'value' or 'values', " +
                "integer 'min' and 'max', or 'distribution: q_uniform'; or choose 'method: random'.");
    }
}
