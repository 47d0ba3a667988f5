using System.CommandLine;
using Client.Sources;
using Grains.Schema;
using Npgsql;
using Sweeps.Log.Postgres;

namespace Client.Commands;

/// <summary><c>sweep store init</c></summary>
public sealed class StoreInitCommand() : SweepCommand("init", "Create or migrate the tables of a PostgreSQL store. Harmless to repeat.", SourceKinds.Store)
{
    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var database = StoreSource.Connect(context.StoreOrUsage);
        try
        {
            await PostgresStore.Migrator.ApplyAsync(database, cancel);
            await ClusterSchema.Migrator.ApplyAsync(database, cancel);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            throw new SourceUnavailableException($"The store could not be prepared: {e.Message}", e);
        }
        context.Terminal.Answer("The store is ready.", json => json.WriteBoolean("ready", true));
        return ExitCode.Done;
    }
}
