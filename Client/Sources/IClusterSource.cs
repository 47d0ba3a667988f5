namespace Client.Sources;

/// <summary>Sweeps that other machines work on: a source to which a sweep can be submitted, and whose nodes can be seen.</summary>
public interface IClusterSource : ISweepSource
{
    /// <summary>
    /// Creates a sweep under an id of our making; asking again is harmless. Throws <see cref="UsageException"/> with the mistakes in the file.
    /// </summary>
    Task SubmitAsync(string sweep, string text, string fileName, string by, CancellationToken cancel);

    /// <summary>The nodes that are there, by name.</summary>
    Task<IReadOnlyList<NodeRow>> NodesAsync(CancellationToken cancel);

    /// <summary>Asks a node to hand its runs over and take no more. False when there is no such node.</summary>
    Task<bool> DrainAsync(string node, CancellationToken cancel);
}

/// <summary>A node of a cluster.</summary>
/// <param name="Name">Unique per process start.</param>
/// <param name="Slots">Runs it trains at once.</param>
/// <param name="Busy">Slots that train.</param>
/// <param name="Draining">It takes no more work.</param>
/// <param name="Datasets">Data sets in its memory.</param>
public sealed record NodeRow(string Name, int Slots, int Busy, bool Draining, IReadOnlyList<string> Datasets);
