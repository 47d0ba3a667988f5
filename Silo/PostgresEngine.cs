using Npgsql;
using Sweeps.Hosting;
using Sweeps.Hosting.Postgres;

namespace Silo;

/// <summary>Nodes that meet in PostgreSQL alone.</summary>
internal static class PostgresEngine
{
    public static void Add(IServiceCollection services) => services.AddSingleton<INode>(provider => new Node(provider));

    private sealed class Node(IServiceProvider services) : INode, IAsyncDisposable
    {
        private readonly PostgresNode node = new(new PostgresNodeContext(
            NodeName, services.GetRequiredService<SlotPool>(), services.GetRequiredService<NpgsqlDataSource>(),
            services.GetRequiredService<CoordinatorContext>(), services.GetRequiredService<NodeTrainables>().TryGet,
            services.GetRequiredService<DrainSignal>().Request));

        private static string NodeName => $"{Environment.MachineName}-{Environment.ProcessId}";

        public string Name => NodeName;

        public Task RunAsync(CancellationToken drain) => node.RunAsync(drain);

        public ValueTask DisposeAsync() => node.DisposeAsync();
    }
}
