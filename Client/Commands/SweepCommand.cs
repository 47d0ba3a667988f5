using System.CommandLine;

namespace Client.Commands;

/// <summary>Base class of the commands.</summary>
public abstract class SweepCommand : Command
{
    /// <param name="name">Its name.</param>
    /// <param name="description">The sentence that help shows.</param>
    /// <param name="sources">The kinds of sources that it works on; an option that selects another kind is refused.</param>
    protected SweepCommand(string name, string description, SourceKinds sources = SourceKinds.Home | SourceKinds.Cluster | SourceKinds.Store) : base(name, description)
    {
        Sources = sources;
        SetAction(async (parse, cancel) => (int)await RunAsync(parse, CommandContext.Of(parse), cancel));
    }

    /// <summary>The kinds of sources that the command works on.</summary>
    public SourceKinds Sources { get; }

    /// <summary>Options that have an effect on this machine only; with a cluster they are refused.</summary>
    public virtual IEnumerable<Option> LocalOptions => [];

    /// <summary>
    /// Executes the command. Throws <see cref="UsageException"/> for what the user can correct, before anything has been changed, and
    /// <see cref="OperationCanceledException"/> when the user interrupts.
    /// </summary>
    protected abstract Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel);
}
