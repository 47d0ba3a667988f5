namespace Cluster.Harness;

/// <summary>What silos are told to be a cluster with, and how a sweep gets into it.</summary>
internal abstract record ClusterEngine(string Name)
{
    /// <summary>The engines of this build; PostgreSQL alone is always one.</summary>
    public static IReadOnlyList<ClusterEngine> Known { get; } = [.. typeof(ClusterEngine).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(ClusterEngine))).OrderByDescending(type => type.Name, StringComparer.Ordinal)
        .Select(type => (ClusterEngine)Activator.CreateInstance(type, [.. type.GetConstructors()[0].GetParameters().Select(_ => (object?)null)])!)];

    /// <summary>The engine with this name, or null when this build has none.</summary>
    public static ClusterEngine? Find(string name) => Known.FirstOrDefault(engine => engine.Name == name);

    /// <summary>Hands a sweep in.</summary>
    public abstract Task SubmitAsync(ClusterHarness cluster, string sweep, string spec);

    /// <summary>The node where the coordinator of a sweep is at this moment, or null when it is nowhere. Fails while the cluster is in ruins.</summary>
    public abstract Task<string?> CoordinatorAsync(ClusterHarness cluster, string sweep);
}
