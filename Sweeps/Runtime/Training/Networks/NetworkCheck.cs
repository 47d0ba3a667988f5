using Engine;
using Engine.Data;
using Engine.Networks;
using Engine.Training;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Files;
using Parameter = Sweeps.Core.Space.Parameter;

namespace Sweeps.Training.Networks;

/// <summary>Checks the parameters of a sweep over networks before it is created.</summary>
internal static class NetworkCheck
{
    private const int Samples = 200;

    /// <summary>
    /// Reports unknown names, synonyms that are used together, refused values and combinations that cannot be trained. Warns about options without effect
    /// and incomparable losses.
    /// </summary>
    public static void Run(SweepFile file, Diagnostics diagnostics)
    {
        var spec = file.Spec;
        foreach (var parameter in spec.Space.Parameters)
            CheckParameter(parameter, file.Locations, diagnostics);
        foreach (var group in spec.Space.Parameters.Where(parameter => parameter.When.Count == 0).GroupBy(parameter => NetworkVocabulary.Find(parameter.Name)))
            if (group.Key is not null && group.Count() > 1)
                diagnostics.Mistake(file.Locations[group.Last().Name], $"{string.Join(" and ", group.Select(parameter => $"'{parameter.Name}'"))} mean the same: {group.Key.Name}. Keep one.");
        if (diagnostics.HasMistakes)
            return;
        CheckCombinations(file, diagnostics);
        if (diagnostics.HasMistakes)
            return;
        CheckSources(file, diagnostics);
        WarnAboutIdleOptions(file, diagnostics);
        WarnAboutIncomparableLosses(file, diagnostics);
    }

    private static void WarnAboutIncomparableLosses(SweepFile file, Diagnostics diagnostics)
    {
        if (file.Spec.Objective.Name != "val_loss")
            return;
        foreach (var parameter in file.Spec.Space.Parameters)
            if (NetworkVocabulary.Find(parameter.Name)?.Name is "loss" or "label_smoothing" && Extremes(parameter.Distribution).Distinct().Count() > 1)
                diagnostics.Warn(file.Locations[parameter.Name], $"'{parameter.Name}' changes what 'val_loss' means, so that the runs of this sweep cannot be compared by it. "
                    + "Use metric: {name: val_cross_entropy, goal: minimize} or {name: val_accuracy, goal: maximize}.");
    }

    private static void CheckParameter(Parameter parameter, IReadOnlyDictionary<string, SourceLocation> locations, Diagnostics diagnostics)
    {
        var location = locations[parameter.Name];
        if (NetworkVocabulary.Normalize(parameter.Name) is "dataset" or "data")
        {
            diagnostics.Mistake(location, $"'{parameter.Name}' is not a hyperparameter: write 'dataset: …' at the top of the file.");
            return;
        }
        if (NetworkVocabulary.Find(parameter.Name) is not { } known)
        {
            diagnostics.Mistake(location, $"Networks have no parameter '{parameter.Name}'. {DidYouMean.Hint(parameter.Name, [.. NetworkVocabulary.All.Select(other => other.Name)])}");
            return;
        }
        foreach (var (n, value) in Extremes(parameter.Distribution).Index())
            if (Refusal(() => NetworkVocabulary.ApplyTo(new NetworkSettings(), known, parameter.Name, value)) is { } refusal)
                diagnostics.Mistake(locations.GetValueOrDefault($"{parameter.Name}[{n}]", location), refusal);
    }

    private static IEnumerable<Value> Extremes(Distribution distribution) => distribution.Domain is Domain.Categories categories
        ? categories.Values
        : [distribution.Quantile(1e-9), distribution.Quantile(1 - 1e-9)];

    /// <summary>
    /// Reports runs that take the features of a run that a rule may stop, that does not exist yet, or that has no convolutions, because they would fail.
    /// </summary>
    private static void CheckSources(SweepFile file, Diagnostics diagnostics)
    {
        var spec = file.Spec;
        if (spec.SourceParameter is not { } name)
            return;
        var location = file.Locations[name];
        if (spec.Rules.FirstOrDefault(rule => rule.Plan(1) is not null) is { } ladder)
            diagnostics.Mistake(location, $"'{name}' cannot be used with the rule {ladder.Type}, which ends or holds runs at rungs: the features are those of a run that has finished. Remove the rule.");
        Configuration[] first = [.. spec.Enqueue.Distinct()];
        foreach (var (number, configuration) in first.Index())
            if (spec.SourceOf(configuration) is not { } source)
                continue;
            else if (source >= number)
                diagnostics.Mistake(location, $"In 'enqueue': run {number} takes the features of run {source}. Expected the number of a run before it{(number > 0 ? $", 0 to {number - 1}" : "")}.");
            else if (spec.SourceOf(first[source]) is null && NetworkVocabulary.Read(first[source], 1, 0).Options.Convolutions.Count == 0)
                diagnostics.Mistake(location, $"In 'enqueue': run {number} takes the features of run {source}, which has no convolutions: {first[source]}.");
    }

    private static void CheckCombinations(SweepFile file, Diagnostics diagnostics)
    {
        var spec = file.Spec;
        var sequence = new RandomSequence(spec.Seed);
        var sampled = Enumerable.Range(0, Samples).Select(n => spec.Space.Assemble(parameter => parameter.Distribution.Quantile(sequence.Draw(n, 0, parameter))));
        foreach (var configuration in spec.Enqueue.Concat(sampled.Where(sample => spec.Constraints.All(constraint => constraint.Holds(sample)))))
        {
            TrainingOptions? options = null;
            if (Refusal(() => options = NetworkVocabulary.Read(configuration, spec.EpochsOf(configuration), spec.Seed).Options) is { } refusal)
            {
                diagnostics.Mistake(null, $"The configuration {configuration} cannot be trained: {refusal}");
                return;
            }
            if (options!.ValidationShare == 0 && spec.Objective.Name.StartsWith("val_", StringComparison.Ordinal))
            {
                diagnostics.Mistake(file.MetricLocation, $"'{spec.Objective.Name}' needs a validation part, but 'validation_share' can be 0.");
                return;
            }
        }
    }

    private static void WarnAboutIdleOptions(SweepFile file, Diagnostics diagnostics)
    {
        var space = file.Spec.Space;
        var optimizers = Words(space, "optimizer");
        foreach (var parameter in space.Parameters.Where(parameter => parameter.When.Count == 0))
        {
            var option = NetworkVocabulary.Find(parameter.Name)!.Name;
            if (!Optimizers.Names.Any(name => Has(name, option)))
                continue;
            var idle = optimizers.Where(name => Optimizers.Names.Contains(name) && !Has(name, option)).ToArray();
            var used = optimizers.Except(idle).ToArray();
            if (idle.Length > 0)
                diagnostics.Warn(file.Locations[parameter.Name], $"'{parameter.Name}' has no effect with the optimizer {string.Join(", ", idle)}. " + (used.Length > 0
                    ? $"To search it only where it matters: when: {{{Key(space, "optimizer")}: [{string.Join(", ", used)}]}}"
                    : "Remove it."));
        }
    }

    private static bool Has(string optimizer, string option) => Optimizers.Catalog.Keys(optimizer).Any(key => key.Name == option);

    private static string[] Words(SearchSpace space, string name) =>
        space.Find(Key(space, name) ?? "")?.Distribution.Domain is Domain.Categories categories
            ? [.. categories.Values.Select(value => NetworkVocabulary.Normalize(value.ToString())).Distinct()]
            : [];

    private static string? Key(SearchSpace space, string name) =>
        space.Parameters.FirstOrDefault(parameter => NetworkVocabulary.Find(parameter.Name)?.Name == name)?.Name;

    private static string? Refusal(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (ConfigurationException refused)
        {
            return refused.Message;
        }
    }
}
