using System.CommandLine;

namespace Client.Commands;

/// <summary>One command of the command line: its options, its help and what it does.</summary>
public abstract class SweepCommand : Command
{
    /// <summary>A command with a name, the sentence that help shows, and the places it works on.</summary>
    protected SweepCommand(string name, string description, Places places = Places.Home | Places.Cluster | Places.Store) : base(name, description)
    {
        Places = places;
        SetAction(async (parse, cancel) => (int)await RunAsync(parse, Session.Of(parse), cancel));
    }

    /// <summary>The places it works on; an option that names another one is refused.</summary>
    public Places Places { get; }

    /// <summary>Options that have an effect on this machine only; with a cluster they are refused.</summary>
    public virtual IEnumerable<Option> LocalOptions => [];

    /// <summary>
    /// Does it. Throws <see cref="UsageException"/> for what the user can mend, before anything has been changed, and
    /// <see cref="OperationCanceledException"/> when the user interrupts.
    /// </summary>
    protected abstract Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel);
}
