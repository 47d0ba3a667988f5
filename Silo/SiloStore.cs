using System.Net.Sockets;
using Engine.Data;
using Npgsql;
using Silo.Health;
using Silo.Options;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Hooks;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Sweeps.Log.Postgres;
using Sweeps.Nodes;
using Sweeps.Programs;
using Sweeps.Programs.Python;
using Sweeps.Telemetry;

namespace Silo;

/// <summary>
/// Registers the stores, in PostgreSQL or in a folder for a single silo, and what uses them: the coordinators' context, the trainables and the programs.
/// </summary>
internal static class SiloStore
{
    public static void Add(IServiceCollection services, SiloOptions options)
    {
        if (options.Store is { } store)
        {
            services.AddSingleton(_ => PostgresStore.Open(store));
            services.AddSingleton<PostgresLog>();
            services.AddSingleton(provider => new StoreProbes(
                provider.GetRequiredService<PostgresLog>().ProbeAsync,
                async cancel =>
                {
                    await provider.GetRequiredService<PostgresCheckpoints>().ProbeAsync(cancel);
                    if (options.Checkpoints is { } shared)
                        await WriteProbeFile.TryAsync(shared, cancel);
                }));
            services.AddSingleton<IEventLog>(Watched<PostgresLog>);
            services.AddSingleton<PostgresCheckpoints>();
            services.AddSingleton<ICheckpointStore>(provider => Watched(provider, options.Checkpoints is { } shared
                ? new SharedCheckpoints(provider.GetRequiredService<PostgresCheckpoints>(), Path.GetFullPath(shared))
                : provider.GetRequiredService<PostgresCheckpoints>()));
            services.AddSingleton<IRunOutputs, PostgresOutputs>();
            services.AddSingleton<ICodeStore, PostgresCode>();
            services.AddSingleton<PostgresArtifacts>();
            services.AddSingleton<IRunArtifacts>(provider => options.Artifacts is { } shared
                ? SharedArtifacts(shared)
                : provider.GetRequiredService<PostgresArtifacts>());
            services.AddSingleton<PostgresDatasets>();
            services.AddSingleton<ActiveSweeps>(provider => provider.GetRequiredService<PostgresLog>().ActiveAsync);
        }
        else
        {
            services.AddSingleton(options.Home is { } home ? new SweepHome(home) : SweepHome.Default());
            services.AddSingleton<FolderLog>();
            services.AddSingleton(provider => new StoreProbes(
                provider.GetRequiredService<FolderLog>().ProbeAsync, provider.GetRequiredService<FolderLog>().ProbeAsync));
            services.AddSingleton<IEventLog>(Watched<FolderLog>);
            services.AddSingleton<ICheckpointStore>(provider => Watched(provider, new FolderCheckpoints(provider.GetRequiredService<SweepHome>())));
            services.AddSingleton<IRunOutputs, FolderOutputs>();
            services.AddSingleton<ICodeStore>(provider => new FolderCode(provider.GetRequiredService<SweepHome>().Code, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IRunArtifacts>(provider => options.Artifacts is { } kept
                ? SharedArtifacts(kept)
                : new FolderArtifacts(provider.GetRequiredService<SweepHome>().Artifacts));
            services.AddSingleton<ActiveSweeps>(provider => provider.GetRequiredService<FolderLog>().ActiveAsync);
        }
        services.AddHostedService<StoreWatch>();
        services.AddSingleton<SpecReader>(SweepFile.Stored);
        services.AddSingleton(provider => new CoordinatorContext(
            provider.GetRequiredService<IEventLog>(),
            provider.GetRequiredService<ICheckpointStore>(),
            new MachineFactory(provider.GetRequiredService<SpecReader>(), SearchFactory.Create, new MachineOptions()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<SweepMetrics>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Sweeps.Coordinator"))
        {
            Hooks = new HookHost { Folders = options.ProgramFolders, Hosts = options.WebhookHosts },
        });
        services.AddSingleton<NodeWake>();
        services.AddSingleton(provider => new NodeTrainables(
            DataOptions.FromEnvironment(options.Data),
            (name, folder, cancel) => FetchAsync(provider.GetService<PostgresDatasets>(), name, folder, cancel),
            provider.GetRequiredService<NodeWake>().Wake,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Sweeps.Data"))
        {
            Programs = provider.GetService<ProgramHost>(),
            Resources = provider.GetRequiredService<SlotPool>().Resources,
        });
        if (options.RunsPrograms)
        {
            services.AddSingleton(_ => new ProgramRoot(Path.Combine(Path.GetTempPath(), $"sweep-silo-{options.SiloPort}-{Environment.UserName}")));
            services.AddSingleton(provider => Programs(options, provider));
        }
    }

    /// <summary>Why no silo can start with a store, with what to do; null if it answers and has its tables.</summary>
    public static async Task<string?> ProblemAsync(string store)
    {
        try
        {
            await using var database = NpgsqlDataSource.Create(store);
            await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM sweep_event), EXISTS (SELECT FROM orleansquery)");
            await command.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return "The store has no tables yet. Create them with: ./sweep store init --store \"…\", or start this program once with --init-store.";
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            return $"The store does not answer: {e.Message}";
        }
    }

    /// <summary>
    /// Creates the settings of this silo's programs. Ends the programs that a killed silo on this machine has left running, and deletes the files of the
    /// previous silo with this port.
    /// </summary>
    private static ProgramHost Programs(SiloOptions options, IServiceProvider services)
    {
        OrphanedPrograms.Kill();
        var root = services.GetRequiredService<ProgramRoot>().Path;
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        return new ProgramHost
        {
            Work = sweep => Path.Combine(root, sweep),
            Artifacts = options.Artifacts is { } kept ? ArtifactsIn(kept)
                : services.GetService<SweepHome>() is { } home ? home.Artifacts
                : ArtifactsIn(Path.Combine(root, ProgramRoot.Artifacts)),
            ArtifactStore = options.Artifacts is null ? services.GetService<PostgresArtifacts>() : null,
            Code = options.AcceptCode
                ? new CodeCache(Path.Combine(root, ProgramRoot.Code), services.GetRequiredService<ICodeStore>(), services.GetRequiredService<TimeProvider>())
                : null,
            Outputs = services.GetRequiredService<IRunOutputs>(),
            Modules = new(() => PythonModules.Unpack(Path.Combine(root, ProgramRoot.Python))),
            Allowed = options.ProgramFolders,
            Slots = services.GetRequiredService<SlotPool>().Count,
        };
    }

    private static FolderArtifacts SharedArtifacts(string folder) => new(ArtifactsIn(folder));

    private static Func<string, string> ArtifactsIn(string folder) => sweep => Path.Combine(Path.GetFullPath(folder), sweep);

    private static WatchedLog Watched<T>(IServiceProvider services) where T : IEventLog =>
        new(services.GetRequiredService<T>(), services.GetRequiredService<NodeHealth>());

    private static WatchedCheckpoints Watched(IServiceProvider services, ICheckpointStore checkpoints) =>
        new(checkpoints, services.GetRequiredService<NodeHealth>());

    private static async Task<bool> FetchAsync(PostgresDatasets? datasets, string name, string folder, CancellationToken cancel) =>
        datasets is not null && (await datasets.FetchAsync(name, folder, cancel)).Count > 0;
}

/// <summary>
/// The temporary folder of a silo's programs. When the silo ends, what the store has, or another silo makes again, is deleted. Files of <c>SWEEP_OUT</c>
/// that the store does not have stay until the next silo with this port starts.
/// </summary>
/// <param name="path">The folder.</param>
internal sealed class ProgramRoot(string path) : IDisposable
{
    public const string Artifacts = "artifacts", Code = "code", Python = "python";

    public string Path { get; } = path;

    public void Dispose()
    {
        try
        {
            foreach (var copied in (string[])[Code, Python])
                if (Directory.Exists(Of(copied)))
                    Directory.Delete(Of(copied), recursive: true);
            // The folders of sweeps are empty when all their assignments have ended and their files are in the store.
            foreach (var parent in (string[])[Of(Artifacts), Path])
            {
                foreach (var sweep in Directory.Exists(parent) ? Directory.GetDirectories(parent) : [])
                    DeleteIfEmpty(sweep);
                DeleteIfEmpty(parent);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A program that could not be killed still writes. The next silo with this port deletes the folder.
        }
    }

    private string Of(string name) => System.IO.Path.Combine(Path, name);

    private static void DeleteIfEmpty(string folder)
    {
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }
}

/// <summary>Wakes the node's worker. It exists because <see cref="NodeTrainables"/> wakes the worker but is constructed before it.</summary>
internal sealed class NodeWake
{
    private NodeWorker? worker;

    public void Set(NodeWorker node) => worker = node;

    public void Wake() => worker?.Wake();
}
