using System.CommandLine;
using System.Globalization;
using Client.Output;
using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep compare</c></summary>
public sealed class CompareCommand : ReadingCommand
{
    private readonly Argument<string[]> words = new("runs") { Description = "The numbers of two runs or more, and after them the sweep. Default: the newest.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> all = new("--all") { Description = "Also show values that are equal in all runs." };

    public CompareCommand() : base("compare", "Runs side by side: the differences of their configurations and results.")
    {
        Arguments.Add(words);
        Options.Add(all);
    }

    /// <inheritdoc/>
    protected override async Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel)
    {
        var given = parse.GetValue(words)!;
        var numbers = given.TakeWhile(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
        if (numbers.Distinct().Count() < Math.Max(2, numbers.Count) || given.Length > numbers.Count + 1)
            throw new UsageException($"compare {string.Join(' ', given)}: expected the numbers of two different runs or more, then at most one sweep: compare 11 49 demo.");
        var history = await source.FoldAsync(await source.ResolveAsync(given.ElementAtOrDefault(numbers.Count), cancel), cancel);
        var runs = numbers.ConvertAll(history.Run);
        var fields = new RunFields(history);
        var (differing, equal) = Split(runs, fields);
        if (context.Terminal.Json)
        {
            context.Terminal.WriteData(Write(history, runs, differing));
            return;
        }
        var shown = parse.GetValue(all) ? fields.Names.Where(name => differing.Contains(name) || equal.Contains(name)).ToList() : differing;
        context.Terminal.WriteTable(width => Table.Build(Columns(runs, fields, shown, Math.Max(10, width / 3)), width, "a wider terminal shows more"));
        if (!parse.GetValue(all) && equal.Exists(name => runs[0].Configuration[name] is not null))
            context.Terminal.Out.Write(new Spectre.Console.Rows(Lines.Of($"the same: {Format.Varying(runs[0].Configuration, equal)}", context.Terminal.Width, Palette.Dim)));
    }

    /// <summary>The names whose values differ between the runs, and those whose values are the same. Names that no run has are in neither.</summary>
    private static (List<string> Differing, List<string> Equal) Split(List<SweepRun> runs, RunFields fields)
    {
        // "best" is left out because the metrics contain the same value.
        var names = fields.Names.Where(name => name is not ("run" or "name" or "until" or "bracket" or "best") && runs.Any(run => fields.Of(run, name) is not null))
            .ToLookup(name => runs.All(run => Equals(fields.Of(run, name), fields.Of(runs[0], name))));
        return ([.. names[false]], [.. names[true]]);
    }

    private static List<TableColumn> Columns(List<SweepRun> runs, RunFields fields, List<string> names, int longest)
    {
        var columns = new List<TableColumn> { new("", [.. names.Select(name => Cell.Of(Format.Fit(name, longest), Palette.Dim))]) };
        foreach (var run in runs)
            columns.Add(new TableColumn($"run {run.Number}", [.. names.Select(name => Cell.Of(Format.Fit(RunTable.Text(fields, run, name), longest)))]) { Right = true, Rank = columns.Count > 2 ? columns.Count : 0 });
        if (runs.Count == 2)
            columns.Add(new TableColumn("difference", [.. names.Select(name => Cell.Of(Difference(fields.Of(runs[0], name), fields.Of(runs[1], name)), Palette.Dim))]) { Right = true, Rank = 1, Mentioned = false });
        return columns;
    }

    private static string Difference(Value? first, Value? second) => first?.AsDouble() is { } before && second?.AsDouble() is { } after
        ? Format.Difference(after - before) : "";

    private static string Write(SweepHistory history, List<SweepRun> runs, List<string> differing) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("sweep", history.Sweep);
        json.WriteStartArray("differ");
        foreach (var name in differing)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WritePropertyName("runs");
        json.WriteRawValue(SweepJson.Runs(history, runs));
        json.WriteEndObject();
    });
}
