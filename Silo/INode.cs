namespace Silo;

/// <summary>The part of a silo that trains.</summary>
internal interface INode
{
    /// <summary>Its name in assignments, events and metrics: unique per process start.</summary>
    string Name { get; }

    /// <summary>Works until <paramref name="drain"/>, then hands its runs over and returns.</summary>
    Task RunAsync(CancellationToken drain);
}
