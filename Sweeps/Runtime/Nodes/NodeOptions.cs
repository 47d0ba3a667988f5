namespace Sweeps.Nodes;

/// <summary>How a node asks for work.</summary>
public sealed record NodeOptions
{
    /// <summary>
    /// How often a coordinator hears from the node at least. It must be well below the lease time (4 s), after which unreported runs are lost.
    /// Default: one second.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a coordinator or the directory may take to answer before it is asked again. Below the lease time: slots offered in a request whose
    /// answer was lost must be free again while what was assigned to them is still theirs. Default: three seconds.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);
}
