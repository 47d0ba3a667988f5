using Engine;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files;

namespace Client.Views;

/// <summary>
/// The fields of runs by name, for columns, sort orders and conditions: properties of the run (<c>run</c>, <c>state</c>, <c>epoch</c> …),
/// its parameters, and the metrics of its best epoch. A metric with the name of a property or a parameter is called <c>metrics.NAME</c>.
/// </summary>
public sealed class RunFields
{
    private const string MetricPrefix = "metrics.", Tags = "tags";
    private static readonly string[] Properties = ["run", "name", "state", "epoch", "until", "best", "best_epoch", "seconds", "bracket", Tags];

    private readonly SweepHistory history;
    private readonly HashSet<string> parameters;
    private readonly List<string> metrics;

    public RunFields(SweepHistory history)
    {
        this.history = history;
        parameters = [.. history.Spec.Space.Parameters.Select(parameter => parameter.Name), .. history.State.Runs.SelectMany(run => run.Configuration.Select(pair => pair.Key))];
        metrics = [.. history.State.Runs.SelectMany(run => (run.Metrics?.Keys ?? []).Concat(run.Test?.Keys ?? [])).Distinct().Order(StringComparer.Ordinal)];
        Names = [.. Properties, .. parameters.Order(StringComparer.Ordinal), .. metrics.Select(Name)];
    }

    /// <summary>All names: properties, parameters, metrics.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The parameters that are not constant, in the order of a grid.</summary>
    public static IReadOnlyList<string> Varying(SearchSpace space) =>
        [.. space.ParentsFirst.Where(parameter => parameter.Distribution.Domain is not Domain.Categories { Values.Count: 1 }).Select(parameter => parameter.Name)];

    /// <summary>
    /// Resolves <paramref name="word"/> to a name: a whole name, or the last part of exactly one (<c>learning_rate</c> for
    /// <c>optimizer.learning_rate</c>). Throws <see cref="UsageException"/>.
    /// </summary>
    /// <param name="word">The text that the user wrote.</param>
    /// <param name="option">The option, for the error message.</param>
    public string Find(string word, string option)
    {
        if (Names.Contains(word) || metrics.Contains(word) || (word.StartsWith(MetricPrefix, StringComparison.Ordinal) && metrics.Contains(word[MetricPrefix.Length..])))
            return word;
        var ends = Names.Where(name => name.EndsWith("." + word, StringComparison.Ordinal)).ToList();
        if (ends.Count == 1)
            return ends[0];
        var near = DidYouMean.To(word, Names.Select(name => name[(name.LastIndexOf('.') + 1)..]));
        var meant = near is null ? null : Names.FirstOrDefault(name => name == near || name.EndsWith("." + near, StringComparison.Ordinal));
        throw new UsageException($"{option}: no run has '{word}'. {(meant is null ? DidYouMean.Hint(word, Names) : $"Did you mean '{meant}'?")}");
    }

    /// <summary>Parses the condition in <paramref name="text"/>. Throws <see cref="UsageException"/>.</summary>
    public Func<SweepRun, bool> Where(string text)
    {
        try
        {
            var texts = Enum.GetValues<RunState>().Select(Output.Format.State).Concat(history.State.Runs.SelectMany(run => history.TagsOf(run.Number)));
            var filter = RunFilter.Parse(text, history.Spec.Space, Names, texts, Tags);
            return run => filter.Holds(Values(run));
        }
        catch (FormatException mistake)
        {
            throw new UsageException($"--where: {mistake.Message}", mistake);
        }
    }

    /// <summary>Whether a name is that of a metric or of the best value.</summary>
    public bool IsMetric(string name) => name == "best" || (!parameters.Contains(name) && !Properties.Contains(name));

    /// <summary>A run's value, or null when it has none.</summary>
    public Value? Of(SweepRun run, string name) => Property(run, name) ?? run.Configuration[name]
        ?? (MetricOf(run, name.StartsWith(MetricPrefix, StringComparison.Ordinal) ? name[MetricPrefix.Length..] : name) is { } metric ? new Value.Number(metric) : null);

    // A run without tags has an empty list: 'tags != good' is true for it.
    private Configuration Values(SweepRun run) => new(Names.Select(name => (name, Of(run, name) ?? (name == Tags ? new Value.List([]) : null)))
        .Where(pair => pair.Item2 is not null).Select(pair => KeyValuePair.Create(pair.name, pair.Item2!)));

    private string Name(string metric) => parameters.Contains(metric) || Properties.Contains(metric) ? MetricPrefix + metric : metric;

    private Value? Property(SweepRun run, string name) => name switch
    {
        "run" => new Value.Integer(run.Number),
        "name" => new Value.Text(history.NameOf(run)),
        "state" => new Value.Text(Output.Format.State(history.StateOf(run))),
        "epoch" => new Value.Integer(run.Epoch),
        "until" => new Value.Integer(run.MaxEpochs),
        "best" => history.BestOf(run) is { } best ? new Value.Number(best) : null,
        "best_epoch" => run.BestEpoch > 0 ? new Value.Integer(run.BestEpoch) : null,
        "seconds" => new Value.Number(run.Seconds),
        "bracket" => new Value.Integer(run.Bracket),
        Tags => history.TagsOf(run.Number) is { Count: > 0 } tags ? new Value.List([.. tags.Select(tag => new Value.Text(tag))]) : null,
        _ => null,
    };

    private static double? MetricOf(SweepRun run, string metric) =>
        run.Metrics is { } metrics && metrics.TryGetValue(metric, out var value) ? value
        : run.TestEpoch == run.BestEpoch && run.Test is { } test && test.TryGetValue(metric, out value) ? value
        : null;
}
