using System.CommandLine;

namespace Client.Commands;

/// <summary>One command of the command line: its options, its help and what it does.</summary>
public abstract class SweepCommand : Command
{
    /// <summary>A command with a name and the sentence that help shows.</summary>
    protected SweepCommand(string name, string description) : base(name, description) =>
        SetAction(async (parse, cancel) => (int)await RunAsync(parse, Session.Of(parse), cancel));

    /// <summary>
    /// Does it. Throws <see cref="UsageException"/> for what the user can mend, before anything has been changed, and
    /// <see cref="OperationCanceledException"/> when the user interrupts.
    /// </summary>
    protected abstract Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel);
}
