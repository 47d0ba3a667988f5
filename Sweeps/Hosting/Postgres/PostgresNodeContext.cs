using Npgsql;
using Sweeps.Core;
using Sweeps.Training;

namespace Sweeps.Hosting.Postgres;

/// <summary>What a PostgreSQL node is made of.</summary>
/// <param name="Node">Its name, unique per process start.</param>
/// <param name="Slots">Its slots.</param>
/// <param name="Database">The store.</param>
/// <param name="Coordinator">What the coordinators it leads stand on; its log is the store's.</param>
/// <param name="Trainable">What a sweep trains, or null while the node lacks the data. Must not block.</param>
/// <param name="Drain">Called when a person asks the node to drain.</param>
public sealed record PostgresNodeContext(
    string Node, SlotPool Slots, NpgsqlDataSource Database, CoordinatorContext Coordinator, Func<SweepSpec, ITrainable?> Trainable, Action Drain)
{
    /// <summary>How long a drained run waits for its checkpoint and its answers. Default: 20 seconds.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How the node asks for work.</summary>
    public NodeOptions Options { get; init; } = new();
}
