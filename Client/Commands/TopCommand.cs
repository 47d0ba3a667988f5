using System.CommandLine;
using Client.Output;
using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep top</c></summary>
public sealed class TopCommand : ReadingCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int> count = new("--count", "-n") { Description = "How many runs. Default: 20.", HelpName = "number", DefaultValueFactory = _ => 20 };
    private readonly Option<string?> columns = new("--columns", "-c")
    {
        Description = "Columns after the run's number: parameters, metrics, state, epoch, best, best_epoch, seconds, name. Default: the parameters that vary.",
        HelpName = "name,…",
    };
    private readonly Option<string?> sort = new("--sort") { Description = "Order by a column: val_loss, learning_rate:desc. Default: the best first.", HelpName = "name" };
    private readonly Option<string?> where = new("--where", "-w")
    {
        Description = "Only runs for which this holds: 'optimizer in [nadam, adam] and val_accuracy > 0.88'.",
        HelpName = "condition",
    };
    private readonly Option<string?> metric = CommonArguments.Metric("Rank by the best value of another metric: val_loss, or val_f1:max where the direction is not plain.");

    public TopCommand() : base("top", "The runs of a sweep, best first, with a column for each parameter that varies.")
    {
        Arguments.Add(sweep);
        foreach (var option in (Option[])[count, columns, sort, where, metric])
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var wanted = parse.GetValue(count);
        if (wanted < 1)
            throw new UsageException($"--count {wanted}: ask for at least one run.");
        var (history, log) = await source.LogAsync(await source.ResolveAsync(parse.GetValue(sweep), cancel), cancel);
        var fields = new RunFields(history);
        var ranking = parse.GetValue(metric) is { } other ? MetricRanking.Of(history, new RecordedEpochs(log), other) : null;
        var (filter, order) = (parse.GetValue(where), parse.GetValue(sort));

        // A run without a finite value has no rank, so it is shown only with --where or --sort.
        IEnumerable<SweepRun> all = ranking?.Runs ?? (filter is null && order is null
            ? history.State.Leaderboard(int.MaxValue) : history.State.Leaderboard(int.MaxValue).Union(history.State.Runs));
        if (filter is not null)
            all = all.Where(fields.Where(filter));
        if (order is not null)
            all = Sorted(all, fields, order, history.Spec.Objective);
        var matching = all.ToList();
        var runs = matching.Take(wanted).ToList();

        if (context.Terminal.Json)
        {
            context.Terminal.WriteData(SweepJson.Runs(history, runs));
            return;
        }
        if (matching.Count == 0)
        {
            context.Terminal.Say(filter is null ? "  No run has a value yet." : $"  None of {history.State.Runs.Count:N0} runs satisfies: {filter}");
            return;
        }
        var best = ranking is null ? history.State.Best?.Number : ranking.Runs[0].Number;
        var named = parse.GetValue(columns)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => fields.Find(word, "--columns")).ToList();
        if (named is { Count: 0 })
            throw new UsageException($"--columns {parse.GetValue(columns)}: expected names, such as optimizer,val_loss.");
        context.Terminal.WriteTable(width => Table.Build(
            named is not null ? RunTable.Named(runs, fields, named, best)
                : RunTable.Columns([.. runs.Select(run => ranking?.ViewOf(run) ?? history.ViewOf(run))], ParameterOrder.Of(history, width), ranking?.Head ?? history.Spec.Objective.Name, width, best),
            width, "--columns names those to show"));
        if (matching.Count > runs.Count)
            context.Terminal.Say($"  {runs.Count:N0} of {matching.Count:N0} runs; all: -n {matching.Count}");
    }

    /// <summary>
    /// Sorts in ascending order, or in descending order with <c>:desc</c>; the objective by default with the best first. Runs without a
    /// value come last.
    /// </summary>
    private static IEnumerable<SweepRun> Sorted(IEnumerable<SweepRun> runs, RunFields fields, string order, Objective objective)
    {
        var (word, direction) = order.LastIndexOf(':') is >= 0 and var colon ? (order[..colon], order[(colon + 1)..]) : (order, "");
        var name = fields.Find(word, "--sort");
        var descending = direction switch
        {
            "" => (name == objective.Name || name == "best") && objective.Goal == Goal.Maximize,
            "asc" => false,
            "desc" => true,
            _ => throw new UsageException($"--sort {order}: expected {word}:asc or {word}:desc."),
        };
        var valued = runs.Select(run => (Run: run, Value: fields.Of(run, name))).ToList();
        var present = valued.Where(one => one.Value is not null && one.Value is not Value.Number { Content: double.NaN });
        var sorted = descending ? present.OrderByDescending(one => one.Value, ValueOrder.Instance) : present.OrderBy(one => one.Value, ValueOrder.Instance);
        return sorted.Select(one => one.Run).Union(valued.Select(one => one.Run));
    }

    /// <summary>Orders numbers by value, before all other values by their text.</summary>
    private sealed class ValueOrder : IComparer<Value?>
    {
        public static ValueOrder Instance { get; } = new();

        public int Compare(Value? x, Value? y) => (x?.AsDouble(), y?.AsDouble()) switch
        {
            ({ } left, { } right) => left.CompareTo(right),
            ({ }, null) => -1,
            (null, { }) => 1,
            _ => string.CompareOrdinal(x?.ToString(), y?.ToString()),
        };
    }
}
