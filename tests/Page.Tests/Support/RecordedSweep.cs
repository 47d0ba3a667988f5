using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Files;
using Sweeps.Simulation;
using Sweeps.Training;

namespace Page.Tests.Support;

/// <summary>The log of a sweep that the real sweep machine decided on virtual slots, with curves from a formula.</summary>
internal static class RecordedSweep
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A sweep of eight parameters under ASHA.</summary>
    public const string Ordinary = """
        name: ordinary
        dataset: glyphs
        method: random
        seed: 3
        run_cap: 120
        epochs: 9
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          hidden_layers: {values: [1, 2, 3]}
          hidden_size: {distribution: int_uniform, min: 16, max: 256}
          activation: {values: [relu, tanh, sigmoid]}
          optimizer: {values: [sgd, momentum, adam]}
          learning_rate: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
          batch_size: {values: [16, 32, 64]}
          dropout: {distribution: uniform, min: 0, max: 0.5}
          momentum: {when: {optimizer: momentum}, distribution: uniform, min: 0.5, max: 0.99}
        early_terminate: {type: asha, min_iter: 1, eta: 3}
        """;

    /// <summary>The events, one second apart.</summary>
    /// <param name="sweep">The sweep's id.</param>
    /// <param name="text">Its file.</param>
    /// <param name="slots">The number of slots.</param>
    /// <param name="more">More metrics of each epoch.</param>
    public static IReadOnlyList<LoggedEvent> Of(string sweep, string text = Ordinary, int slots = 4, params string[] more)
    {
        var spec = SweepFile.Stored(text);
        var log = VirtualSweep.Run(spec, Train, slots, SearchFactory.Create, keepLog: true).Log;
        return [.. log.Select(logged => logged with
        {
            At = Start + (logged.At - DateTimeOffset.UnixEpoch),
            Event = logged.Event is SweepCreated ? new SweepCreated(sweep, text, "ann") : logged.Event,
        })];

        EpochReport Train(SweepRun run, int epoch)
        {
            // Each parameter shifts the curve, so that the page can rank runs and parameters.
            var shift = 0.0;
            foreach (var (name, value) in run.Configuration)
                shift += (Math.Abs(value.AsDouble() is { } number ? Math.Sin(number * 37) : value.ToString().Length % 5 / 5.0) + name.Length % 3) / 20;
            var accuracy = 0.95 - shift / 2 - 0.5 * Math.Exp(-epoch * (0.3 + shift));
            var metrics = new Dictionary<string, double> { ["val_accuracy"] = accuracy, ["val_loss"] = 1.2 - accuracy, ["train_loss"] = 1.1 - accuracy };
            foreach (var name in more)
                metrics[name] = accuracy * 2;
            return new EpochReport(epoch, metrics, 0.8 + shift);
        }
    }
}
