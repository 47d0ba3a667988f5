using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Runtime.Tests.Log;

/// <summary>Events of every type, with every kind of value.</summary>
internal static class Sample
{
    public static IReadOnlyList<LoggedEvent> AllEvents()
    {
        var configuration = new Configuration(new Dictionary<string, Value>
        {
            ["batch_size"] = new Value.Integer(64),
            ["big"] = new Value.Integer(long.MinValue),
            ["dropout"] = new Value.Number(1),
            ["huge"] = new Value.Number(1e300),
            ["learning_rate"] = new Value.Number(1.0 / 3),
            ["tiny"] = new Value.Number(double.Epsilon),
            ["zero"] = new Value.Number(double.NegativeZero),
            ["nan"] = new Value.Number(double.NaN),
            ["none"] = Value.Null.Instance,
            ["nesterov"] = new Value.Boolean(true),
            ["optimizer.name"] = new Value.Text("ädam \"x\" \\ 🙂\n"),
            ["widths"] = new Value.List([new Value.Integer(400), new Value.Number(250), new Value.Text("7")]),
            ["layers"] = new Value.Map(ImmutableSortedDictionary<string, Value>.Empty
                .Add("map", new Value.Map(ImmutableSortedDictionary<string, Value>.Empty)).Add("number", new Value.Text("NaN"))),
        });
        var metrics = new Dictionary<string, double>
        {
            ["val_loss"] = 0.1 + 0.2,
            ["val_accuracy"] = 1,
            ["nan"] = double.NaN,
            ["up"] = double.PositiveInfinity,
            ["down"] = double.NegativeInfinity,
            ["minus zero"] = double.NegativeZero,
            ["huge"] = double.MaxValue,
        };
        var reason = new Reason("asha", 3, 1, 2, 9, 0.5, double.PositiveInfinity, "a detail");
        SweepEvent[] facts =
        [
            new SweepCreated("a", "method: random\nparameters:\n  x: {value: 1}\n", "somebody"),
            new RunCreated(0, configuration, ulong.MaxValue, 2, "equals run 7", 5, 17),
            new RunCreated(1, Configuration.Empty, 0, 0, null, null),
            new RunCreated(2, configuration, 3, 0, "confirms run 1 with seed 5", Confirms: 1, Repeat: 4),
            new RunAssigned(0, 1, "node-1", 9),
            new EpochRecorded(0, 1, 1, metrics, 1.25, Verdict.Continue),
            new EpochRecorded(0, 1, 2, new Dictionary<string, double>(), double.NaN, Verdict.Pause),
            new RunPaused(0, reason),
            new RunPromoted(0, new Reason("person")),
            new RunStopped(0, reason with { Value = double.NaN, Cutoff = null }),
            new RunFinished(0, reason),
            new RunDiverged(0, reason),
            new RunFailed(0, 3, "it broke", true),
            new RunLost(0, 3, "node-1", "unreported for more than 4 s"),
            new RunReleased(0, 3, "node-1"),
            new EpochsWasted(0, 3, 2),
            new EpochsWasted(0, 3, 2, "The checkpoint is of another model."),
            new RunNoted(0, 3, NoteTopic.Program, "train.py 0123456789ab, Python 3.11.2"),
            new RunNoted(0, 3, NoteTopic.Differs, "epoch 2 was trained again"),
            new TestEvaluated(0, 9, metrics),
            new TestEvaluated(0, 9, new Dictionary<string, double>(), "There is no such data set."),
            new HookRan(Hook.Best),
            new HookRan(Hook.End, "notify.sh ended with exit code 3."),
            new SweepSteered("somebody", "because", new SteerAction.Pause()),
            new SweepSteered("somebody", "", new SteerAction.Resume(), "an id"),
            new SweepSteered("somebody", "", new SteerAction.Stop()),
            new SweepSteered("somebody", "", new SteerAction.Cancel()),
            new SweepSteered("somebody", "", new SteerAction.StopRun(3)),
            new SweepSteered("somebody", "", new SteerAction.PinRun(4)),
            new SweepSteered("somebody", "", new SteerAction.PromoteRun(5)),
            new SweepSteered("somebody", "", new SteerAction.TestRun(6)),
            new SweepSteered("somebody", "", new SteerAction.Enqueue(configuration)),
            new SweepSteered("somebody", "", new SteerAction.Change("method: grid")),
            new SweepSteered("somebody", "", new SteerAction.Annotate(Annotation.Name, "ädam's")),
            new SweepSteered("somebody", "", new SteerAction.Annotate(Annotation.Note, "two\nlines", 1)),
            new SweepSteered("somebody", "", new SteerAction.Annotate(Annotation.Tag, "baseline", 0)),
            new SweepSteered("somebody", "", new SteerAction.Annotate(Annotation.Untag, "baseline"), "another id"),
            new SweepSteered("somebody", "", new SteerAction.Confirm(3, 5)),
            new SweepSteered("somebody", "", new SteerAction.Audit(200)),
            new ReviewStarted(false, [3, 1], 5, SweepOutcome.Finished, reason),
            new ReviewStarted(true, [], 0, SweepOutcome.Stopped, reason),
            new SweepEnded(SweepOutcome.Finished, new Reason("ended", Detail: "all there was to do is done")),
        ];
        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        return [.. facts.Select((fact, i) => new LoggedEvent(i + 1, start.AddMilliseconds(i), fact))];
    }

    /// <summary>The line of an event with sorted names: equal texts are equal events.</summary>
    public static string Text(LoggedEvent logged)
    {
        using var writer = new EventWriter();
        writer.Line(logged, more: false);
        return Sorted(JsonNode.Parse(writer.Written.Span))!.ToJsonString();
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(
            members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
