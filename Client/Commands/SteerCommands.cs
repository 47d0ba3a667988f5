using System.CommandLine;
using Client.Sources;
using Client.Views;
using Sweeps.Core;

namespace Client.Commands;

/// <summary>A command that steers a sweep. The log records the user and the reason.</summary>
public abstract class SteerCommand : SweepCommand
{
    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<string> why = CommonArguments.Why();

    /// <param name="name">Its name.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="first">The arguments before the sweep.</param>
    protected SteerCommand(string name, string description, params ReadOnlySpan<Argument> first) : base(name, description, SourceKinds.Home | SourceKinds.Cluster)
    {
        foreach (var argument in first)
            Arguments.Add(argument);
        Arguments.Add(sweep);
        Options.Add(why);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenSource();
        var id = await ResolveAsync(parse.GetValue(sweep), parse, source, cancel);
        var action = Read(parse, await source.FoldAsync(id, cancel));
        var reply = await source.SteerAsync(id, new SweepSteered(context.User, parse.GetValue(why)!, action, Guid.NewGuid().ToString("N")), cancel);
        if (!reply.Accepted)
            throw new UsageException($"{id}: {reply.Message}");
        context.Terminal.Answer($"{id}: {reply.Message}", json => json.WriteString("sweep", id));
        return ExitCode.Done;
    }

    protected abstract SteerAction Read(ParseResult parse, SweepHistory history);

    /// <summary>The id of the sweep that the last argument names. Throws <see cref="UsageException"/>.</summary>
    protected virtual Task<string> ResolveAsync(string? wanted, ParseResult parse, ISweepSource source, CancellationToken cancel) =>
        source.ResolveAsync(wanted, cancel);
}

/// <summary><c>sweep pause</c>, <c>sweep stop</c>, <c>sweep cancel</c> …: the whole sweep.</summary>
public sealed class SteerSweepCommand(string name, string description, SteerAction action) : SteerCommand(name, description)
{
    /// <inheritdoc/>
    protected override SteerAction Read(ParseResult parse, SweepHistory history) => action;
}

/// <summary><c>sweep stop-run</c>, <c>sweep pin</c>, <c>sweep promote</c>: one run.</summary>
public sealed class SteerRunCommand : SteerCommand
{
    private readonly Argument<int> run;
    private readonly Func<int, SteerAction> action;

    public SteerRunCommand(string name, string description, Func<int, SteerAction> action) : this(name, description, action, CommonArguments.Run()) { }

    private SteerRunCommand(string name, string description, Func<int, SteerAction> action, Argument<int> run) : base(name, description, run) =>
        (this.action, this.run) = (action, run);

    /// <inheritdoc/>
    protected override SteerAction Read(ParseResult parse, SweepHistory history) => action(history.Run(parse.GetValue(run)).Number);
}
