using System.CommandLine;
using Client.Local;
using Client.Sources;
using Client.Views;
using Sweeps.Core;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary>A command that continues a sweep: on this machine in this process, in a cluster on its nodes.</summary>
public abstract class ContinueCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<bool> detach = CommonArguments.Detach();
    private readonly TrainingArguments work = new();

    /// <param name="name">Its name.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="options">Its own options.</param>
    protected ContinueCommand(string name, string description, params ReadOnlySpan<Option> options) : base(name, description, SourceKinds.Home | SourceKinds.Cluster)
    {
        Arguments.Add(sweep);
        Options.Add(detach);
        foreach (var option in options)
            Options.Add(option);
        work.AddTo(this);
    }

    /// <inheritdoc/>
    public override IEnumerable<Option> LocalOptions => work.All;

    /// <summary>The action that continues the sweep. Throws <see cref="UsageException"/> when there is nothing to continue.</summary>
    protected abstract SteerAction Read(ParseResult parse, SweepHistory history);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var how = work.Read(parse);
        await using var source = context.OpenSource();
        var id = await source.ResolveAsync(parse.GetValue(sweep), cancel);
        var history = await source.FoldAsync(id, cancel);
        var request = new SweepSteered(context.User, "", Read(parse, history), Guid.NewGuid().ToString("N"));
        if (context.Remote)
        {
            var answer = await source.SteerAsync(id, request, cancel);
            if (!answer.Accepted)
                throw new UsageException($"{id}: {answer.Message}");
            context.Terminal.Answer($"{id}: {answer.Message} Watch it with: ./sweep watch {id}", json => json.WriteString("sweep", id));
            return ExitCode.Done;
        }

        using var metrics = new SweepMetrics();
        for (var since = context.Time.GetTimestamp(); ;)
        {
            // If another process already works on the sweep, it only has to end a pause.
            if (await SteeringPipe.AskAsync(context.Home.Folder(id), request, cancel) is { } reply)
            {
                // A sweep that is not paused refuses a resume, because it already runs. A refused confirmation or audit has not started.
                if (!reply.Accepted && request.Action is not SteerAction.Resume)
                    throw new UsageException($"{id}: {reply.Message}");
                context.Terminal.Answer(
                    reply.Accepted ? $"{id}: {reply.Message}" : $"{id}: another process works on it. Watch it with: ./sweep watch {id}",
                    json => json.WriteString("sweep", id));
                return ExitCode.Done;
            }
            if (parse.GetValue(detach))
                return await Detached.StartAsync(parse, context, id, cancel);
            try
            {
                // Not before the sweep is detached: the other process serves the port.
                using var served = how.ServeMetrics();
                return await new SweepRunner(context, metrics).ContinueAsync(id, history.Spec, request, how, cancel);
            }
            catch (SweepLockedException) when (context.Time.GetElapsedTime(since) < LocalSweeps.AnswerLimit)
            {
                // The other process is starting or ending: it holds the lock of the folder but does not listen to requests. Try again.
            }
            catch (SweepLockedException locked)
            {
                throw new UsageException(locked.Message, locked);
            }
        }
    }
}

/// <summary><c>sweep resume</c></summary>
public sealed class ResumeCommand() : ContinueCommand("resume", "Continue a sweep after Ctrl-C, a crash, a pause, a stop, or an extension.")
{
    /// <inheritdoc/>
    protected override SteerAction Read(ParseResult parse, SweepHistory history)
    {
        if (history.State is { HasWork: false, EndHookDue: false } && history.State.Outcome != SweepOutcome.Stopped)
            throw new UsageException(
                $"Sweep {history.Sweep} is {history.StatusName}: there is nothing to continue. To train more: "
                + $"./sweep extend {history.Sweep} --run-cap {Math.Max(history.Spec.RunCap ?? 0, history.State.SearchedRuns.Count) * 2}");
        return new SteerAction.Resume();
    }
}

/// <summary><c>sweep confirm</c></summary>
public sealed class ConfirmCommand : ContinueCommand
{
    private static readonly Option<int> top = new("--top")
    {
        Description = "How many of the best runs. Default: 3.", HelpName = "runs", DefaultValueFactory = _ => new ConfirmSpec().Top,
    };

    private static readonly Option<int> seeds = new("--seeds")
    {
        Description = "How many times each of them at most. Default: 5.", HelpName = "number", DefaultValueFactory = _ => new ConfirmSpec().Seeds,
    };

    public ConfirmCommand() : base(
        "confirm", "Train the best runs of an ended sweep again, each with the same new seeds and validation splits, to find the best one.", top, seeds) { }

    /// <inheritdoc/>
    protected override SteerAction Read(ParseResult parse, SweepHistory history) => history.InReview
        ? new SteerAction.Resume()
        : new SteerAction.Confirm(parse.GetValue(top), parse.GetValue(seeds));
}

/// <summary><c>sweep audit</c></summary>
public sealed class AuditCommand : ContinueCommand
{
    private static readonly Option<int> epochs = new("--epochs")
    {
        Description = "About how many epochs to spend.", HelpName = "epochs", Required = true,
    };

    public AuditCommand() : base("audit", "Train a random sample of the stopped runs to their last epoch, to estimate what early stopping has lost.", epochs) { }

    /// <inheritdoc/>
    protected override SteerAction Read(ParseResult parse, SweepHistory history) =>
        history.InReview ? new SteerAction.Resume() : new SteerAction.Audit(parse.GetValue(epochs));
}
