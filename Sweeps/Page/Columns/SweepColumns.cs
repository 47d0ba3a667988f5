using System.Text.RegularExpressions;
using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Page.Columns;

/// <summary>
/// The log of a sweep as rows and typed columns, from which the page draws. Events only append rows. The rows up to an event are therefore
/// the rows of the log up to this event: the page can show the sweep after any event, and a live page loads only the rows that it does not
/// have. Not thread-safe.
/// </summary>
/// <param name="read">Reads the text of a sweep file.</param>
public sealed partial class SweepColumns(SpecReader read)
{
    /// <summary>Marks the position of a number in a template. If a text contains this character, a space replaces it.</summary>
    private const char Placeholder = '\u0001';

    private readonly List<byte> kinds = [];
    private readonly List<long> seqs = [];
    private readonly List<long> times = [];
    private readonly List<int> runs = [];
    private readonly List<int> texts = [];
    private readonly List<string?> numbers = [];
    private readonly Names templates = new(), nodes = new();
    private readonly Created created = new();
    private readonly Assigned assigned = new();
    private readonly Epochs epochs = new();
    private readonly List<(int Row, int Epochs)> wasted = [];
    private readonly List<(int Row, IReadOnlyDictionary<string, double> Metrics)> tested = [];
    private Why.Explainer? explainer;

    /// <summary>The state after all events that were added.</summary>
    public SweepState State { get; } = new(read);

    /// <summary>The number of rows.</summary>
    public int Rows => kinds.Count;

    /// <summary>Adds the next event. An event whose number is not above the last one is ignored.</summary>
    public void Add(LoggedEvent logged)
    {
        if (logged.Seq <= State.Seq)
            return;
        var (status, first) = (StatusName, State.Seq == 0);
        var before = logged.Event is SweepEnded or SweepSteered { Action: SteerAction.Change or SteerAction.Resume }
            ? State.Runs.Select(run => run.State).ToArray()
            : [];
        var decisions = (explainer ??= new Why.Explainer(State)).Apply(logged);
        if (first || logged.Event is SweepSteered { Action: SteerAction.Change })
            created.Use(State.Spec.Space);
        if (logged.Event is SweepSteered { Action: SteerAction.Annotate note })
            AddRow(logged, RowKind.Noted, note.Run ?? -1, $"{note.What.ToString().ToLowerInvariant()}\n{note.Text}");
        else if (Why.RunOf(logged.Event) is { } run)
        {
            AddRow(logged, RowKinds.Of(logged.Event), run, TextOf(logged.Event, decisions.Select(one => one.Decision).FirstOrDefault()));
            AddDetails(logged.Event);
        }
        var sentences = before.Length > 0 ? decisions.ToDictionary(one => one.Run, one => Sentence(one.Decision)) : [];
        for (var i = 0; i < before.Length; i++)
            if (State.Runs[i].State != before[i])
                AddRow(logged, Now(State.Runs[i]), i, sentences.GetValueOrDefault(i));
        if (StatusName != status)
            AddRow(logged, RowKind.Status, -1, $"{StatusName}\n{Occasion(logged.Event)}");
        else if (logged.Event is HookRan { Error: not null } || (logged.Event is SweepSteered { Action: not SteerAction.Annotate } && Why.RunOf(logged.Event) is null))
            AddRow(logged, RowKind.Steered, -1, Occasion(logged.Event));
    }

    private string StatusName => (State.Outcome?.ToString() ?? State.Status.ToString()).ToLowerInvariant();

    private static RowKind Now(SweepRun run) => run.State switch
    {
        RunState.Paused => RowKind.Paused,
        RunState.Queued => RowKind.Reopened,
        RunState.Finished => RowKind.Finished,
        _ => RowKind.Stopped,
    };

    private static string? TextOf(SweepEvent logged, Decision? decision) => logged switch
    {
        // The page shows the configuration in columns, so the text does not repeat it.
        RunCreated created when decision is not null => decision.Text.Replace($": {created.Configuration}", "", StringComparison.Ordinal),
        SweepSteered steered when decision is null => Occasion(steered),
        _ => decision is null ? null : Sentence(decision),
    };

    private static string Sentence(Decision decision) => decision.ToGoOn is { } more ? $"{decision.Text}\n{more}" : decision.Text;

    private static string Occasion(SweepEvent logged) => logged switch
    {
        SweepCreated created => $"Created by {created.By}.",
        HookRan { Name: var hook, Error: { } error } => $"{hook} failed: {error}",
        SweepEnded { Reason: var reason } => $"Ended: {reason.Detail ?? reason.Rule}.",
        SweepSteered steered => $"{steered.By} {SteeringText.Of(steered.Action)}{(steered.Why.Length > 0 ? $" ({steered.Why})" : "")}.",
        _ => "",
    };

    private void AddRow(LoggedEvent logged, RowKind kind, int run, string? text)
    {
        kinds.Add((byte)kind);
        seqs.Add(logged.Seq);
        times.Add(logged.At.ToUnixTimeMilliseconds());
        runs.Add(run);
        if (text is null)
        {
            texts.Add(0);
            return;
        }
        // The texts differ mostly in their numbers: a few templates and the numbers take a tenth of the space.
        var clean = text.Replace(Placeholder, ' ');
        texts.Add(1 + templates.Index(Number().Replace(clean, Placeholder.ToString()), Rows - 1));
        numbers.Add(string.Join(' ', Number().Matches(clean).Select(match => match.Value)));
    }

    private void AddDetails(SweepEvent logged)
    {
        var row = Rows - 1;
        switch (logged)
        {
            case RunCreated one:
                created.Add(row, State.Runs[one.Run]);
                break;
            case RunAssigned one:
                assigned.Add(row, nodes.Index(one.Node, row), one.UntilEpoch);
                break;
            case EpochRecorded one:
                epochs.Add(row, one.Metrics, one.Seconds);
                break;
            case EpochsWasted one:
                wasted.Add((row, one.Epochs));
                break;
            case TestEvaluated one:
                tested.Add((row, one.Metrics));
                break;
        }
    }

    [GeneratedRegex(@"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")]
    private static partial Regex Number();

    /// <summary>Texts by index, each with the row of its first use.</summary>
    private sealed class Names
    {
        private readonly Dictionary<string, int> indexes = [];
        private readonly List<(string Text, int Row)> texts = [];

        public int Index(string text, int row)
        {
            if (!indexes.TryGetValue(text, out var index))
            {
                indexes[text] = index = texts.Count;
                texts.Add((text, row));
            }
            return index;
        }

        /// <summary>The texts that no row before <paramref name="row"/> uses.</summary>
        public IEnumerable<string> From(int row) => texts.Where(text => text.Row >= row).Select(text => text.Text);
    }

    /// <summary>The columns of the rows of kind <see cref="RowKind.Created"/>.</summary>
    private sealed class Created
    {
        public List<int> Rows { get; } = [];

        public List<int> Brackets { get; } = [];

        /// <summary>The number of epochs of each run at most; 0 if the sweep file and its rules name none.</summary>
        public List<int> MaxEpochs { get; } = [];

        public List<ParameterColumn> Parameters { get; } = [];

        /// <summary>Adds a column for each new parameter of a space. Existing runs do not have its value.</summary>
        public void Use(SearchSpace space)
        {
            foreach (var parameter in space.Parameters)
                if (Parameters.Find(column => column.Name == parameter.Name) is { } known)
                    known.Use(parameter.Distribution.Domain);
                else
                    Parameters.Add(new ParameterColumn(parameter.Name, parameter.Distribution.Domain, Rows.Count));
        }

        public void Add(int row, SweepRun run)
        {
            Rows.Add(row);
            Brackets.Add(run.Bracket);
            MaxEpochs.Add(run.MaxEpochs < SweepSpec.EpochLimit ? run.MaxEpochs : 0);
            foreach (var parameter in Parameters)
                parameter.Add(run.Configuration[parameter.Name]);
        }
    }

    private sealed class Assigned
    {
        public List<int> Rows { get; } = [];

        public List<int> Nodes { get; } = [];

        public List<int> Until { get; } = [];

        public void Add(int row, int node, int until)
        {
            Rows.Add(row);
            Nodes.Add(node);
            Until.Add(until);
        }
    }

    private sealed class Epochs
    {
        public List<int> Rows { get; } = [];

        /// <summary>Durations in milliseconds.</summary>
        public List<long> Durations { get; } = [];

        public List<(string Name, List<double> Values)> Metrics { get; } = [];

        public void Add(int row, IReadOnlyDictionary<string, double> metrics, double seconds)
        {
            foreach (var name in metrics.Keys)
                if (!Metrics.Exists(metric => metric.Name == name))
                    Metrics.Add((name, [.. Enumerable.Repeat(double.NaN, Rows.Count)]));
            Rows.Add(row);
            Durations.Add(double.IsFinite(seconds) ? Math.Max(0, (long)Math.Round(seconds * 1000)) : 0);
            foreach (var (name, values) in Metrics)
                values.Add(metrics.GetValueOrDefault(name, double.NaN));
        }
    }
}
