namespace Cluster.Harness;

/// <summary>The machine on which a silo runs.</summary>
/// <param name="Address">The IP address at which it can be reached.</param>
/// <param name="Inside">The prefix of a command that is to run there.</param>
internal sealed record Machine(string Address, IReadOnlyList<string> Inside)
{
    /// <summary>The machine of the test.</summary>
    public static readonly Machine Local = new("127.0.0.1", []);
}
