namespace Sweeps.Core;

/// <summary>
/// A command to run, or an address to which JSON is posted, at a new best value or at the end of a sweep (docs/sweep-files.md). A hook has
/// no effect on the sweep: its failure is recorded and the sweep continues.
/// </summary>
public sealed record Hook
{
    /// <summary>The name of the hook for new best values: the key in a sweep file and in <see cref="HookRan"/>.</summary>
    public const string Best = "on_best";

    /// <summary>The name of the hook for the end of the sweep.</summary>
    public const string End = "on_end";

    /// <summary>The command, one entry per argument; empty when <see cref="Url"/> is given.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The http or https address that gets a POST with JSON; null when <see cref="Command"/> is given.</summary>
    public Uri? Url { get; init; }

    /// <summary>The working folder of the command, absolute in the log of a sweep; null before the file's folder is known.</summary>
    public string? Folder { get; init; }

    /// <summary>The time after which the command is killed or the request is aborted. Default: 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The minimum time between two calls of <c>on_best</c>. Best values within this time are combined into one call with the newest value.
    /// Default: 1 s.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);
}
