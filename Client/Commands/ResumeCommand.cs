using System.CommandLine;
using Client.Running;
using Client.Sources;
using Client.Steering;
using Sweeps.Core;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary><c>sweep resume</c></summary>
public sealed class ResumeCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly WorkArguments work = new();

    /// <summary>Builds the command.</summary>
    public ResumeCommand() : base("resume", "Go on with a sweep where it was: after Ctrl-C, a crash, a pause, a stop, an extension.", Places.Home | Places.Cluster)
    {
        Arguments.Add(sweep);
        work.AddTo(this);
    }

    /// <inheritdoc/>
    public override IEnumerable<Option> LocalOptions => work.All;

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        var how = work.Read(parse);
        await using var source = session.OpenSource();
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var history = await source.FoldAsync(id, cancel);
        if (!history.State.HasWork && history.State.Outcome != SweepOutcome.Stopped)
            throw new UsageException(
                $"Sweep {id} is {history.InAWord}: there is nothing to go on with. To train more: "
                + $"./sweep extend {id} --run-cap {Math.Max(history.Spec.RunCap ?? 0, history.State.Runs.Count) * 2}");

        var wish = new SweepSteered(session.User, "", new SteerAction.Resume(), Guid.NewGuid().ToString("N"));
        if (session.Remote)
        {
            var answer = await source.SteerAsync(id, wish, cancel);
            if (!answer.Accepted)
                throw new UsageException($"{id}: {answer.Message}");
            session.Terminal.Answer($"{id}: {answer.Message} Watch it with: ./sweep watch {id}", json => json.WriteString("sweep", id));
            return ExitCode.Done;
        }

        using var metrics = new SweepMetrics();
        using var served = how.ServeMetrics();
        for (var since = session.Time.GetTimestamp(); ;)
        {
            // A process that works on it already only needs to hear that a pause is over.
            if (await SteeringPipe.AskAsync(session.Home.Folder(id), wish, cancel) is { } reply)
            {
                session.Terminal.Answer(
                    reply.Accepted ? $"{id}: {reply.Message}" : $"{id}: another process works on it. Watch it with: ./sweep watch {id}",
                    json => json.WriteString("sweep", id));
                return ExitCode.Done;
            }
            try
            {
                return await new SweepRunner(session, metrics).ResumeAsync(id, history.Spec, how, cancel);
            }
            catch (SweepLockedException) when (session.Time.GetElapsedTime(since) < LocalSweeps.AnswerLimit)
            {
                // The other process begins or ends: it holds the folder and does not listen.
            }
            catch (SweepLockedException locked)
            {
                throw new UsageException(locked.Message, locked);
            }
        }
    }
}
