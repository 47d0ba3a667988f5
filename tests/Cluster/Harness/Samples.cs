using System.Globalization;
using System.Text;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>A small data set in a file, and sweeps over it with short epochs of real training.</summary>
internal sealed class Samples : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public Samples()
    {
        var random = new Random(11);
        var rows = new StringBuilder("x,y,z,label\n");
        for (var i = 0; i < 4000; i++)
        {
            double x = random.NextDouble(), y = random.NextDouble(), z = random.NextDouble();
            rows.Append(CultureInfo.InvariantCulture, $"{x:R},{y:R},{z:R},{(x * y > 0.25 ? 1 : 0) + (z > 0.6 ? 2 : 0)}\n");
        }
        File.WriteAllText(folder["points.csv"], rows.ToString());
    }

    /// <summary>
    /// Synchronous halving: the promoted runs do not depend on nodes and times. A larger <paramref name="width"/> makes epochs longer.
    /// </summary>
    public string Halving(int runs, int first, int last, int width = 64) =>
        $$"""
        name: points
        dataset: csv:{{folder["points.csv"]}},{{folder["points.csv"]}}#label
        method: random
        run_cap: {{runs}}
        seed: 5
        epochs: {{last}}
        metric: {name: val_loss, goal: minimize}
        parameters:
          hidden_size: {values: [{{width}}, {{width + 8}}]}
          hidden_layers: {value: 2}
          activation: {values: [tanh, relu]}
          optimizer: {values: [momentum, adam]}
          learning_rate: {distribution: log_uniform_values, min: 1e-3, max: 1e-1}
          batch_size: {value: 32}
          validation_share: {value: 0.2}
        early_terminate: {type: successive_halving, min_iter: {{first}}, max_iter: {{last}}, eta: 3}
        checkpoint: {epochs: 2}
        """;

    /// <summary>
    /// Runs that train until they are stopped or for a number of epochs. Common epochs of sweeps with different numbers are equal.
    /// </summary>
    public string Endless(int runs, int epochs = 100_000) =>
        $$"""
        name: endless
        dataset: csv:{{folder["points.csv"]}}#label
        method: random
        run_cap: {{runs}}
        seed: 5
        epochs: {{epochs}}
        metric: {name: val_loss, goal: minimize}
        parameters:
          hidden_size: {value: 192}
          learning_rate: {distribution: log_uniform_values, min: 1e-4, max: 1e-3}
        """;

    public void Dispose() => folder.Dispose();
}
