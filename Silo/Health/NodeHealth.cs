namespace Silo.Health;

/// <summary>What this node knows of itself: cheap to ask, never a question to anybody else.</summary>
public sealed class NodeHealth
{
    private volatile bool joined, draining;
    private volatile bool storeFails;

    /// <summary>The node has joined its cluster and asks for work.</summary>
    public void Joined() => joined = true;

    /// <summary>Whether the node hands its runs over and asks for no more work.</summary>
    public void Draining(bool on) => draining = on;

    /// <summary>Whether the store took the last write, as an append or a <see cref="StoreWatch"/> found.</summary>
    public void StoreAnswered(bool well) => storeFails = !well;

    /// <summary>The last write failed.</summary>
    public bool StoreFails => storeFails;

    /// <summary>Why it should get no traffic, or null when it is ready.</summary>
    public string? NotReady =>
        !joined ? "has not joined yet" : draining ? "drains" : storeFails ? "the store refuses writes" : null;
}
