using System.CommandLine;

namespace Client.Commands;

/// <summary>Base class of the commands.</summary>
public abstract class SweepCommand : Command
{
    /// <param name="name">Its name.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="sources">The supported kinds of sources; an option that selects another kind is refused.</param>
    protected SweepCommand(string name, string description, SourceKinds sources = SourceKinds.Home | SourceKinds.Cluster | SourceKinds.Store) : base(name, description)
    {
        Sources = sources;
        SetAction(async (parse, cancel) => (int)await RunAsync(parse, CommandContext.Of(parse), cancel));
    }

    /// <summary>The supported kinds of sources.</summary>
    public SourceKinds Sources { get; }

    /// <summary>Options that have an effect only on this machine; they are refused with a cluster.</summary>
    public virtual IEnumerable<Option> LocalOptions => [];

    /// <summary>
    /// Executes the command. Throws <see cref="UsageException"/>, before it has any effect, for errors that the user can correct, and
    /// <see cref="OperationCanceledException"/> when the user interrupts it.
    /// </summary>
    protected abstract Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel);
}
