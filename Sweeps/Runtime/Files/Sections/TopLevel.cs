using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Space;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary>The top level of a sweep file.</summary>
internal static class TopLevel
{
    private const string CustomMethod = "custom";

    private static readonly Dictionary<string, SearchMethod> Methods = new()
    {
        ["grid"] = SearchMethod.Grid, ["random"] = SearchMethod.Random, ["bayes"] = SearchMethod.Bayes, ["tpe"] = SearchMethod.Tpe,
        ["sobol"] = SearchMethod.Sobol, ["halton"] = SearchMethod.Halton,
    };

    private static readonly string[] Labels = ["project", "entity", "apiVersion", "kind", "controller"];

    /// <summary>Reads every key; null when what is there cannot make a sweep (which is then noted).</summary>
    public static SweepSpec? Read(
        Section top, string defaultName, int format, Dictionary<string, SourceLocation> places, IReadOnlyList<RuleDescriptor> known)
    {
        var diagnostics = top.Diagnostics;
        var method = ReadMethod(top);
        var shuffle = top.TakeBoolean("shuffle") ?? false;
        if (shuffle && method is not null and not SearchMethod.Grid)
            diagnostics.Mistake(top.LocationOf("shuffle"), "'shuffle' goes with 'method: grid' only: every other method has its own order.");
        var parameters = ParametersSection.Read(top, places);
        var trainable = TrainableSection.Read(top, format);
        var hasMetric = top.Has("metric");
        var objective = MetricSection.Read(top, trainable);
        var epochs = top.TakeInteger("epochs", 1, SweepSpec.LargestEpochs);
        var rules = RulesSection.Read(top, known);
        if (!hasMetric && (method is SearchMethod.Bayes or SearchMethod.Tpe || rules.Count > 0))
            diagnostics.Mistake(top.Location, "'metric' is missing: 'early_terminate' and the methods tpe and bayes need to know what is good. Add: metric: {name: val_accuracy, goal: maximize}");
        var spec = new
        {
            Name = top.TakeText("name") ?? defaultName,
            Description = top.TakeText("description") ?? "",
            RunCap = (int?)top.TakeInteger("run_cap", 1, int.MaxValue),
            Seed = (ulong)(top.TakeInteger("seed", 0) ?? 0),
            Budget = BudgetSection.Read(top),
            Checkpoint = CheckpointSection.Read(top),
            Slots = new SlotShare(
                (int)(top.TakeInteger("priority", -1000, 1000) ?? 0),
                top.TakeNumber("weight", weight => weight > 0, "a number above 0") ?? 1,
                (int?)top.TakeInteger("max_slots", 1, int.MaxValue)),
        };
        var enqueue = top.Take("enqueue");
        var constraints = top.Take("constraints");
        ReadWandbKeys(top);
        top.End();
        if (method is null || objective is null || trainable is null || parameters is null || diagnostics.HasMistakes)
            return null;

        var space = new SearchSpace(parameters);
        if (method is SearchMethod.Grid)
            CheckGrid(space, places, diagnostics);
        var count = EpochCount.Of(space, epochs, rules.Max(read => read.Rule.DefaultEpochs), top, places);
        return new SweepSpec
        {
            Name = spec.Name,
            Description = spec.Description,
            Method = method.Value,
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
            MaxEpochs = count.Most,
            Trainable = trainable,
            Checkpoint = spec.Checkpoint,
            Slots = spec.Slots,
        };
    }

    private static SearchMethod? ReadMethod(Section top)
    {
        if (!top.Has("method"))
        {
            top.Know("method");
            top.Diagnostics.Mistake(top.Location, $"'method' is missing. Expected one of: {string.Join(", ", Methods.Keys)}.");
            return null;
        }
        if (top.Take("method") is ScalarNode { Text: CustomMethod } custom)
        {
            top.Diagnostics.Mistake(custom.Location, "'method: custom' runs a program of your own at W&B and means nothing here. Choose one of: " +
                $"{string.Join(", ", Methods.Keys)}.");
            return null;
        }
        return top.TakeWord("method", Methods);
    }

    private static void ReadWandbKeys(Section top)
    {
        foreach (var key in (string[])["metrics", "scheduler"])
            if (top.Has(key))
            {
                top.Take(key);
                top.Diagnostics.Mistake(top.LocationOf(key), $"'{key}' belongs to W&B's custom schedulers and would change what the sweep means: it is not supported. Remove it, and name one 'metric'.");
            }
        CommandSection.Check(top.Take("command"), top.Diagnostics);
        var programs = TrainableSection.Programs.Where(top.Has).ToArray();
        var labels = Labels.Where(top.Has).ToArray();
        foreach (var key in programs.Concat(labels))
            top.Take(key);
        if (programs.Length > 0)
            top.Diagnostics.Warn(top.LocationOf(programs[0]), $"{string.Join(", ", programs.Select(key => $"'{key}'"))}: read for W&B, but no program is run here. "
                + "Runs train this product's networks on 'dataset' (or follow a 'table' or a 'function'), with the parameters of this file.");
        if (labels.Length > 0)
            top.Diagnostics.Warn(top.LocationOf(labels[0]), $"Accepted for W&B, without effect here: {string.Join(", ", labels)}.");
    }

    private static void CheckGrid(SearchSpace space, Dictionary<string, SourceLocation> places, Diagnostics diagnostics)
    {
        foreach (var parameter in space.Parameters.Where(parameter => parameter.Distribution.GridSize is null))
            diagnostics.Mistake(places[parameter.Name], $"A grid cannot step through '{parameter.Name}' ({parameter.Distribution.Name}). Give it 'value' or 'values', " +
                "integer 'min' and 'max', or 'distribution: q_uniform'; or choose 'method: random'.");
    }
}
