using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cluster.Monitoring;
using Tests.Shared;

namespace Benchmarks;

/// <summary>
/// Compares a whole sweep with its alternatives: the same configurations in the same order, at most nine epochs each, on two cores. This
/// product and Optuna use the same successive halving (rungs 1, 3, 9); a NumPy script trains one configuration after another. <c>-- race
/// [SEEDS [CONFIGURATIONS [MINUTES]]]</c>; <c>SWEEP_DATA</c> names the data. A peer without its libraries is left out, with a message.
/// </summary>
internal static class RaceBenchmark
{
    private const double Target = 0.888;

    private static readonly string[] Pythons = [Environment.GetEnvironmentVariable("SWEEP_PYTHON") ?? "python3", "/usr/bin/python3"];

    public static int Run(string[] arguments)
    {
        var seeds = Argument(arguments, 0, 5);
        var configurations = Argument(arguments, 1, 40);
        var limit = TimeSpan.FromMinutes(Argument(arguments, 2, 20));
        var data = Path.Combine(RealData.Folder, "fashion-mnist");
        var contestants = new List<(string Name, Func<string, IReadOnlyList<Epoch>> Run)>
        {
            ("this product", RunOurs),
        };
        AddPeer("Optuna and PyTorch, two processes", "race_optuna.py");
        AddPeer("NumPy script, no early stopping", "race_numpy.py");
        var results = contestants.Select(one => (one.Name, Races: new List<IReadOnlyList<Epoch>>())).ToList();
        for (var seed = 1; seed <= seeds; seed++)
        {
            using var folder = new TemporaryFolder();
            var file = Path.Combine(folder.Path, "race.yaml");
            File.WriteAllText(file, SweepFile(seed, configurations));
            for (var i = 0; i < contestants.Count; i++)
            {
                var epochs = contestants[i].Run(file);
                results[i].Races.Add(epochs);
                Console.WriteLine($"seed {seed}  {contestants[i].Name,-34} {epochs.Count,4} epochs in {epochs[^1].Seconds,7:F1} s, best {epochs.Max(one => one.Accuracy):F4}");
            }
        }
        Print(results);
        return 0;

        void AddPeer(string name, string script)
        {
            var path = Path.Combine(AppContext.BaseDirectory, "peers", script);
            if (Array.Find(Pythons, python => Starts(python, path)) is { } found)
                contestants.Add((name, file => RunPeer(found, path, data, file, limit)));
            else
                Console.WriteLine($"{name}: left out, no Python here has what peers/{script} imports.");
        }
    }

    /// <summary>A recorded epoch of any run: the time in seconds since the start of the process, and the validation accuracy.</summary>
    private readonly record struct Epoch(double Seconds, double Accuracy);

    private static string SweepFile(int seed, int configurations) => $$"""
        name: race
        dataset: fashion-mnist
        method: random
        seed: {{seed}}
        run_cap: {{configurations}}
        epochs: 9
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          hidden_layers: {values: [3, 4, 5]}
          hidden_size: {values: [32, 64, 128]}
          activation: {values: [sigmoid, tanh, relu]}
          optimizer: {values: [sgd, momentum, nesterov, rmsprop, adam, nadam]}
          learning_rate: {distribution: log_uniform_values, min: 0.0003, max: 0.01}
          batch_size: {values: [16, 32, 64]}
        early_terminate: {type: asha_stopping, min_iter: 1, eta: 3, rule: optuna}
        """;

    private static IReadOnlyList<Epoch> RunOurs(string file)
    {
        var program = Repository.Path(Path.Combine("Client", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "sweep.dll"));
        var home = Path.Combine(Path.GetDirectoryName(file)!, "home");
        var info = new ProcessStartInfo("dotnet", [program, "run", file, "--slots", "2"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["SWEEP_HOME"] = home;
        info.Environment["SWEEP_DATA"] = RealData.Folder;
        var started = DateTimeOffset.UtcNow;
        using var process = Process.Start(info)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"sweep run ended with {process.ExitCode}: {errors}");
        var events = File.ReadLines(Directory.GetFiles(home, "events.jsonl", SearchOption.AllDirectories).Single()).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        // The peers train the configurations of this log, so that none of them draws better ones.
        File.WriteAllText(ConfigurationsFile(file), $"[{string.Join(',', Of("run_created").Select(created => created.GetProperty("configuration").GetRawText()))}]");
        return [.. Of("epoch_recorded").Select(recorded => new Epoch(
            (recorded.GetProperty("at").GetDateTimeOffset() - started).TotalSeconds, recorded.GetProperty("metrics").GetProperty("val_accuracy").GetDouble()))];

        IEnumerable<JsonElement> Of(string type) => events.Where(one => one.GetProperty("type").GetString() == type);
    }

    private static List<Epoch> RunPeer(string python, string script, string data, string file, TimeSpan limit)
    {
        var info = new ProcessStartInfo(python, [script, data, ConfigurationsFile(file), limit.TotalSeconds.ToString(CultureInfo.InvariantCulture), Target.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        info.Environment["RACE_FOLDER"] = Path.GetDirectoryName(file);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(info)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var epochs = new List<Epoch>();
        while (process.StandardOutput.ReadLine() is { } line)
            if (double.TryParse(line, CultureInfo.InvariantCulture, out var accuracy))
                epochs.Add(new Epoch(watch.Elapsed.TotalSeconds, accuracy));
        process.WaitForExit();
        return epochs.Count > 0 ? epochs : throw new InvalidOperationException($"{script} recorded no epoch and ended with {process.ExitCode}.");
    }

    private static string ConfigurationsFile(string file) => Path.Combine(Path.GetDirectoryName(file)!, "configurations.json");

    private static bool Starts(string python, string script)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, [script, "--probe"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Print(List<(string Name, List<IReadOnlyList<Epoch>> Races)> results)
    {
        var ours = results[0].Races;
        var equal = Median(ours.Select(race => race[^1].Seconds));
        Console.WriteLine();
        Console.WriteLine($"Medians. Accuracy: the best validation accuracy after {equal:F0} s, when this product has ended. '>': not reached in the race.");
        Console.WriteLine($"{"",-34} {"s to 88.8 %",12} {"epochs to it",13} {"s in all",9} {"epochs",7} {"accuracy",9}");
        foreach (var (name, races) in results)
        {
            var reached = races.Select(race => race.Select((epoch, i) => (epoch, i)).Where(one => one.epoch.Accuracy >= Target).Select(one => ((double, int)?)(one.epoch.Seconds, one.i + 1)).FirstOrDefault()).ToList();
            var seconds = Median(reached.Select(one => one?.Item1 ?? double.PositiveInfinity));
            var epochs = Median(reached.Select(one => one?.Item2 ?? double.PositiveInfinity));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-34} {Bounded(seconds, "F1", races.Max(race => race[^1].Seconds)),12} {Bounded(epochs, "F0", races.Max(race => race.Count)),13} {Median(races.Select(race => race[^1].Seconds)),9:F1} {Median(races.Select(race => (double)race.Count)),7:F0} {Median(races.Select(race => race.Where(epoch => epoch.Seconds <= equal).Select(epoch => epoch.Accuracy).DefaultIfEmpty(0).Max())),9:F4}"));
        }

        static string Bounded(double value, string format, double most) =>
            double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : ">" + most.ToString(format, CultureInfo.InvariantCulture);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static int Argument(string[] arguments, int index, int otherwise) =>
        arguments.Length > index ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise;
}
