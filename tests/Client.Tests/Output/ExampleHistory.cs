using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Tests.Output;

/// <summary>The log of a small finished sweep, written by hand: five runs, rungs at 1 and 3, one diverged, one steered.</summary>
internal static class ExampleHistory
{
    private const string Spec = """
        name: example
        dataset: glyphs
        method: random
        run_cap: 5
        epochs: 9
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          hidden_size: {values: [32, 64]}
          learning_rate: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
          optimizer: {values: [sgd, adam]}
        early_terminate: {type: asha, min_iter: 1, eta: 3}
        """;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The events.</summary>
    public static IReadOnlyList<LoggedEvent> Log { get; } = [.. Events().Select((e, i) => new LoggedEvent(i + 1, Start.AddSeconds(i * 2), e))];

    /// <summary>The state after the events.</summary>
    public static SweepHistory History
    {
        get
        {
            var history = SweepSources.NewHistory();
            foreach (var logged in Log)
                history.Add(logged);
            return history;
        }
    }

    private static IEnumerable<SweepEvent> Events()
    {
        yield return new SweepCreated("example-abcde", Spec, "ann");
        (int Size, double Rate, string Optimizer, double Value)[] runs = [(32, 0.01, "sgd", 0.71), (64, 0.002, "adam", 0.88), (32, 0.09, "adam", double.NaN), (64, 0.0004, "sgd", 0.42)];
        for (var run = 0; run < runs.Length; run++)
        {
            yield return new RunCreated(run, Point(runs[run].Size, runs[run].Rate, runs[run].Optimizer), (ulong)run, 0, null, run);
            yield return new RunAssigned(run, 1, "node-1", 1);
            var diverges = double.IsNaN(runs[run].Value);
            yield return Epoch(run, 1, 1, runs[run].Value, diverges ? Verdict.Stop : Verdict.Pause);
            if (diverges)
                yield return new RunDiverged(run, new Reason("diverged", 1, Detail: "the loss became NaN at batch 17"));
            else
                yield return new RunPaused(run, new Reason("asha", 1, 0, run == 1 ? 1 : 2, run + 1, runs[run].Value, run == 0 ? null : 0.88));
        }
        yield return new RunPromoted(1, new Reason("asha", 1, 0, 1, 3, 0.88, 0.88));
        yield return new RunAssigned(1, 2, "node-1", 3);
        yield return Epoch(1, 2, 2, 0.91, Verdict.Continue);
        yield return Epoch(1, 2, 3, 0.93, Verdict.Pause);
        yield return new RunPaused(1, new Reason("asha", 3, 0, 1, 1, 0.93));
        yield return new SweepSteered("bob", "it looks good", new SteerAction.PromoteRun(1));
        yield return new RunPromoted(1, new Reason("person", Detail: "promoted by bob: it looks good"));
        yield return new RunAssigned(1, 3, "node-1", 9);
        for (var epoch = 4; epoch <= 9; epoch++)
            yield return Epoch(1, 3, epoch, 0.93 + (epoch == 7 ? 0.03 : 0.005 * (epoch - 3)), epoch == 9 ? Verdict.Stop : Verdict.Continue);
        yield return new RunFinished(1, new Reason("epochs", 9, Value: 0.96, Detail: "its last epoch"));
        yield return new SweepEnded(SweepOutcome.Finished, new Reason("ended", Detail: "all there was to do is done"));
        yield return new TestEvaluated(1, 7, new Dictionary<string, double> { ["test_accuracy"] = 0.9512, ["test_loss"] = 0.1745 });
    }

    private static EpochRecorded Epoch(int run, int generation, int epoch, double value, Verdict verdict) => new(
        run, generation, epoch, new Dictionary<string, double> { ["val_accuracy"] = value, ["val_loss"] = 1 - value, ["train_loss"] = 0.9 - value }, 0.5, verdict);

    private static Configuration Point(int size, double rate, string optimizer) => new(
    [
        new("hidden_size", new Value.Integer(size)), new("learning_rate", new Value.Number(rate)), new("optimizer", new Value.Text(optimizer)),
    ]);
}
