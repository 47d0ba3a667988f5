using System.CommandLine;
using Client.Local;
using Client.Sources;
using Sweeps.Core;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary><c>sweep resume</c></summary>
public sealed class ResumeCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<bool> detach = CommonArguments.Detach();
    private readonly TrainingArguments work = new();

    public ResumeCommand() : base("resume", "Go on with a sweep where it was: after Ctrl-C, a crash, a pause, a stop, an extension.", SourceKinds.Home | SourceKinds.Cluster)
    {
        Arguments.Add(sweep);
        Options.Add(detach);
        work.AddTo(this);
    }

    /// <inheritdoc/>
    public override IEnumerable<Option> LocalOptions => work.All;

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var how = work.Read(parse);
        await using var source = context.OpenSource();
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var history = await source.FoldAsync(id, cancel);
        if (!history.State.HasWork && history.State.Outcome != SweepOutcome.Stopped)
            throw new UsageException(
                $"Sweep {id} is {history.StatusName}: there is nothing to go on with. To train more: "
                + $"./sweep extend {id} --run-cap {Math.Max(history.Spec.RunCap ?? 0, history.State.Runs.Count) * 2}");

        var request = new SweepSteered(context.User, "", new SteerAction.Resume(), Guid.NewGuid().ToString("N"));
        if (context.Remote)
        {
            var answer = await source.SteerAsync(id, request, cancel);
            if (!answer.Accepted)
                throw new UsageException($"{id}: {answer.Message}");
            context.Terminal.Answer($"{id}: {answer.Message} Watch it with: ./sweep watch {id}", json => json.WriteString("sweep", id));
            return ExitCode.Done;
        }

        using var metrics = new SweepMetrics();
        using var served = how.ServeMetrics();
        for (var since = context.Time.GetTimestamp(); ;)
        {
            // If a process works on the sweep already, it only has to end a pause.
            if (await SteeringPipe.AskAsync(context.Home.Folder(id), request, cancel) is { } reply)
            {
                context.Terminal.Answer(
                    reply.Accepted ? $"{id}: {reply.Message}" : $"{id}: another process works on it. Watch it with: ./sweep watch {id}",
                    json => json.WriteString("sweep", id));
                return ExitCode.Done;
            }
            if (parse.GetValue(detach))
                return await Detached.StartAsync(parse, context, id, cancel);
            try
            {
                return await new SweepRunner(context, metrics).ResumeAsync(id, history.Spec, how, cancel);
            }
            catch (SweepLockedException) when (context.Time.GetElapsedTime(since) < LocalSweeps.AnswerLimit)
            {
                // The other process is starting or ending: it holds the lock of the folder and does not listen yet, or not any more.
            }
            catch (SweepLockedException locked)
            {
                throw new UsageException(locked.Message, locked);
            }
        }
    }
}
