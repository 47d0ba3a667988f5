namespace Sweeps.Core;

/// <summary>The machine's answer to a command.</summary>
public abstract record Reply;

/// <summary>Answer to <see cref="RequestWork"/>.</summary>
/// <param name="Assignments">Work, at most as much as was free. Empty: wait and ask again.</param>
/// <param name="Abandon">Runs the node reported that are no longer its own (or must stop now): drop them.</param>
/// <param name="Done">The sweep has ended.</param>
public sealed record WorkReply(IReadOnlyList<Assignment> Assignments, IReadOnlyList<RunLease> Abandon, bool Done) : Reply;

/// <summary>Answer to <see cref="ReportEpoch"/>.</summary>
public sealed record VerdictReply(Verdict Verdict, Reason? Reason) : Reply;

/// <summary>Nothing to say but that it is in the log.</summary>
public sealed record Acknowledged : Reply
{
    /// <summary>The one instance.</summary>
    public static Acknowledged Instance { get; } = new();
}

/// <summary>Answer to <see cref="Steer"/>: accepted, or why not. A refused action has changed nothing.</summary>
public sealed record SteerReply(bool Accepted, string Message) : Reply;
