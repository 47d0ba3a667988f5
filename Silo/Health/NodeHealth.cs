namespace Silo.Health;

/// <summary>What this node knows of itself: cheap to ask, never a question to anybody else.</summary>
public sealed class NodeHealth
{
    private volatile bool joined, draining;
    private int storeFailures;

    /// <summary>The node has joined its cluster and asks for work.</summary>
    public void Joined() => joined = true;

    /// <summary>The node asks for no more work.</summary>
    public void Draining() => draining = true;

    /// <summary>Whether the store took the last write.</summary>
    public void StoreAnswered(bool well) => Interlocked.Exchange(ref storeFailures, well ? 0 : 1);

    /// <summary>Why it should get no traffic, or null when it is ready.</summary>
    public string? NotReady =>
        !joined ? "has not joined yet" : draining ? "drains" : Volatile.Read(ref storeFailures) != 0 ? "the store refuses writes" : null;
}
