using System.Runtime.CompilerServices;
using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Embedded;
using Sweeps.Files;
using Sweeps.Log.Folder;
using Sweeps.Telemetry;
using Sweeps.Training;
using Tests.Shared;

namespace Runtime.Tests.Programs;

/// <summary>The programs of experiments/ with each search method and each rule.</summary>
public class ProgramExperimentTests
{
    private const string Rings = "parameters: {hidden: {values: [4, 8]}, learning_rate: {values: [0.03, 0.3]}, epochs: {value: 4}}\nmetric: {name: val_loss, goal: minimize}";

    /// <summary>
    /// The name of the build's output folder. The ML.NET project is built in its own folder and not copied, as a user's project is.
    /// </summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static readonly Dictionary<string, string> Programs = new()
    {
        ["prints"] = $"{Rings}\nprogram: rings_prints.py\nreports: pattern\npattern: 'Epoch (?<epoch>\\d+)/.*val_loss: (?<val_loss>\\S+)'",
        ["report"] = $"{Rings}\nprogram: rings_report.py",
        ["wandb"] = $"{Rings}\nprogram: rings_wandb.py",
        ["shell"] = "program: halving.sh\nmetric: {name: error, goal: minimize}\nparameters: {start: {values: [1000, 2000]}, rate: {values: [10, 30]}}",
        ["mlnet"] = "parameters: {rank: {values: [4, 16]}, learning_rate: {values: [0.1, 1.0]}}\nmetric: {name: val_error, goal: minimize}\n"
            + $"trainable: 'dotnet:{Path.Combine(Here(), "../../../experiments/dotnet/RingsMl/bin", Configuration, "net10.0/RingsMl.dll")}#RingsMl.Perceptron'",
        ["dotnet"] = $"{Rings}\ntrainable: 'dotnet:{typeof(global::Rings.Classifier).Assembly.Location}#Rings.Classifier'",
    };

    private static readonly Dictionary<string, string> Searches = new()
    {
        ["grid"] = "method: grid\nepochs: 3",
        ["tpe"] = "method: tpe\nrun_cap: 4\nepochs: 3",
        ["asha"] = "method: random\nrun_cap: 4\nearly_terminate: {type: asha, min_iter: 1, max_iter: 4, eta: 2}",
        ["hyperband"] = "method: random\nrun_cap: 4\nepochs: 4\nearly_terminate: {type: hyperband, max_iter: 4, s: 2, eta: 2}",
    };

    public static TheoryData<string> Kinds => [.. Programs.Keys];

    [NumpyTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_program_is_searched_and_stopped_in_every_way(string kind)
    {
        using var folder = new TemporaryFolder();
        using var metrics = new SweepMetrics();
        foreach (var (name, search) in Searches)
        {
            var text = $"{Programs[kind]}\n{search}\nname: {kind}-{name}\n" + (kind is "dotnet" or "mlnet" ? "" : $"folder: {Path.Combine(Here(), "../../../experiments/programs")}\n"
                + $"env: {{PATH: '{Path.GetDirectoryName(PythonFactAttribute.WithNumpy)}:/usr/bin:/bin', PYTHONDONTWRITEBYTECODE: '1'}}\ntrainable: program\n");
            await using var sweep = await EmbeddedSweep.CreateAsync(Options(folder["home"], metrics), $"{kind}-{name}", text, "tests", CancellationToken.None);

            Assert.Equal(SweepOutcome.Finished, await sweep.RunAsync(CancellationToken.None));
            var state = await sweep.Coordinator.QueryAsync(state => state, CancellationToken.None);
            Assert.True(state.Runs.All(run => run.State is RunState.Finished or RunState.Stopped), $"{name}: {string.Join(", ", state.Runs.Select(run => $"{run.State} {run.Reason}"))}");
            Assert.Equal(4, state.Runs.Count);
            Assert.True(double.IsFinite(state.Best!.Best));
            if (name is "asha")
                Assert.Contains(state.Runs, run => run.State == RunState.Stopped && run.Epoch < 4);
        }
    }

    private static EmbeddedOptions Options(string home, SweepMetrics metrics) => new()
    {
        Home = new SweepHome(home),
        ReadSpec = SweepFile.Stored,
        MakeSearch = SearchFactory.Create,
        MakeTrainable = spec => TrainableFactory.Make(spec, _ => throw new InvalidOperationException(), file => file, TimeProvider.System),
        Metrics = metrics,
        Time = TimeProvider.System,
        Slots = 2,
    };

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
