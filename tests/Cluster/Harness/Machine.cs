namespace Cluster.Harness;

/// <summary>Where a silo runs.</summary>
/// <param name="Address">Where it is reached.</param>
/// <param name="Inside">What stands before a command that is to run there.</param>
internal sealed record Machine(string Address, IReadOnlyList<string> Inside)
{
    /// <summary>This one.</summary>
    public static readonly Machine Local = new("127.0.0.1", []);
}
