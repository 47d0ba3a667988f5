using System.CommandLine;
using Client.Local;
using Client.Output;
using Client.Sources;
using Client.Views;
using Sweeps.Core;
using Sweeps.Embedded;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary><c>sweep test</c></summary>
public sealed class TestCommand : SweepCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int[]> runs = new("--run") { Description = "A run by number; may be repeated.", HelpName = "number" };
    private readonly Option<int?> top = new("--top") { Description = "The best so many runs. Default: the best run.", HelpName = "number" };
    private readonly TrainingArguments work = new();

    public TestCommand() : base("test", "Metrics of runs on the test part, with the weights of each run's best epoch. The log keeps them.", SourceKinds.Home | SourceKinds.Cluster)
    {
        Arguments.Add(sweep);
        Options.Add(runs);
        Options.Add(top);
        work.AddTo(this);
    }

    /// <inheritdoc/>
    public override IEnumerable<Option> LocalOptions => work.All;

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenSource();
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var history = await source.FoldAsync(id, cancel);
        var wanted = Chosen(parse, history);
        SteerAction[] actions = [.. wanted.Where(run => IsUntested(history.State.Runs[run])).Select(run => new SteerAction.TestRun(run))];
        if (actions.Length > 0)
        {
            if (context.Remote)
                await AskAsync(context, source, id, actions, cancel);
            else
                await EvaluateAsync(context, history, actions, work.Read(parse), cancel);
            do
                await source.FollowAsync(id, history, cancel);
            while (context.Remote && wanted.Any(run => IsUntested(history.State.Runs[run]) && history.State.Runs[run].TestError is null) && await WaitAsync(context, cancel));
        }
        return Show(context, history, wanted);
    }

    private List<int> Chosen(ParseResult parse, SweepHistory history)
    {
        var named = parse.GetValue(runs) ?? [];
        var count = parse.GetValue(top);
        if (named.Length > 0 && count is not null)
            throw new UsageException("Give --run or --top, not both.");
        if (count < 1)
            throw new UsageException($"--top {count}: ask for at least one run.");
        return named.Length > 0
            ? [.. named.Distinct().Select(number => history.Run(number).Number)]
            : [.. history.State.Leaderboard(count ?? 1).Select(run => run.Number)];
    }

    private static bool IsUntested(SweepRun run) => run.TestEpoch != run.BestEpoch || run.TestError is not null;

    private static async Task AskAsync(CommandContext context, ISweepSource source, string id, IEnumerable<SteerAction> actions, CancellationToken cancel)
    {
        foreach (var action in actions)
            Accept(id, await source.SteerAsync(id, new SweepSteered(context.User, "", action, Guid.NewGuid().ToString("N")), cancel));
    }

    /// <summary>Evaluates the runs in this process.</summary>
    private static async Task EvaluateAsync(CommandContext context, SweepHistory history, IEnumerable<SteerAction> actions, WorkOptions work, CancellationToken cancel)
    {
        using var metrics = new SweepMetrics();
        using var served = work.ServeMetrics();
        try
        {
            var options = LocalSweeps.Options(context, metrics, Trainables.Make(context, history.Spec, work.Data, cancel), work.Slots);
            await using var embedded = await EmbeddedSweep.OpenAsync(options, history.Sweep, cancel);
            foreach (var action in actions)
                Accept(history.Sweep, await embedded.Coordinator.SendAsync(new Steer(new SweepSteered(context.User, "", action)), cancel));
            await embedded.RunAsync(cancel);
        }
        catch (SweepLockedException locked)
        {
            throw new UsageException(locked.Message, locked);
        }
    }

    private static void Accept(string sweep, SteerReply reply)
    {
        if (!reply.Accepted)
            throw new UsageException($"{sweep}: {reply.Message}");
    }

    private static async Task<bool> WaitAsync(CommandContext context, CancellationToken cancel)
    {
        await Task.Delay(Interval, context.Time, cancel);
        return true;
    }

    private static ExitCode Show(CommandContext context, SweepHistory history, List<int> wanted)
    {
        var tested = wanted.Select(number => history.State.Runs[number]).ToList();
        if (context.Terminal.Json)
            context.Terminal.WriteData(SweepJson.Write(json =>
            {
                json.WriteStartArray();
                foreach (var run in tested)
                {
                    json.WriteStartObject();
                    json.WriteNumber("run", run.Number);
                    json.WriteNumber("epoch", run.BestEpoch);
                    json.WriteString("error", run.TestError);
                    foreach (var (name, value) in Metrics(run))
                        SweepJson.WriteNumber(json, name, value);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }));
        else
            foreach (var run in tested)
                context.Terminal.WriteData($"run {run.Number}, epoch {run.BestEpoch}: "
                    + (run.TestError ?? (Metrics(run).ToList() is { Count: > 0 } metrics ? string.Join(", ", metrics.Select(metric => $"{metric.Key} {Format.Metric(metric.Value)}")) : "the data set has no test part")));
        return tested.Any(run => run.TestError is not null) ? ExitCode.Failed : ExitCode.Done;
    }

    private static IEnumerable<KeyValuePair<string, double>> Metrics(SweepRun run) =>
        (run.TestEpoch == run.BestEpoch ? run.Test ?? new Dictionary<string, double>() : new Dictionary<string, double>()).OrderBy(metric => metric.Key, StringComparer.Ordinal);
}
