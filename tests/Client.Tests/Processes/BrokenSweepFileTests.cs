using Tests.Shared;

namespace Client.Tests.Processes;

public class BrokenSweepFileTests
{
    private const string Good = """
        dataset: glyphs
        method: random
        run_cap: 2
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          hidden_size: {values: [8, 16]}
          learning_rate: {distribution: log_uniform_values, min: 1e-4, max: 1e-1}
        early_terminate: {type: asha, min_iter: 1, max_iter: 9, eta: 3}
        """;

    /// <summary>The replaced text, its replacement, and a text that the message must contain.</summary>
    public static TheoryData<string, string, string> Broken => new()
    {
        { Good, "", "empty" },
        { "method: random", "method: randm", "randm" },
        { "method: random", "", "method" },
        { "parameters:", "parameter:", "parameters" },
        { "values: [8, 16]", "values: []", "values" },
        { "values: [8, 16]", "value: [8, 16", ":" },
        { "min: 1e-4, max: 1e-1", "min: 1e-1, max: 1e-4", "min" },
        { "min: 1e-4, max: 1e-1", "min: 0, max: 1e-1", "min" },
        { "min: 1e-4, max: 1e-1", "min: 1e-4, max: 1e-1, sigma: 2", "sigma" },
        { "distribution: log_uniform_values", "distribution: log_uniform_value", "log_uniform_values" },
        { "goal: maximize", "goal: maximise", "maximize" },
        { "name: val_accuracy", "name: val_accuraci", "val_accura" },
        { "eta: 3", "eta: 1", "eta" },
        { "type: asha", "type: ashe", "asha" },
        { "min_iter: 1", "min_iter: 12", "min_iter" },
        { "run_cap: 2", "run_cap: 0", "run_cap" },
        { "run_cap: 2", "run_cap: 2\nrun_cap: 3", "run_cap" },
        { "hidden_size:", "hiden_size:", "hidden_size" },
        { "hidden_size: {values: [8, 16]}", "hidden_size: 16", "value" },
        { "values: [8, 16]", "values: [8, -16]", "-16" },
        { "dataset: glyphs", "dataset: glyphz", "glyphz" },
        { "run_cap: 2", "run_cap: 2\n\tseed: 1", ".yaml:" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_sweep_file_gives_a_clear_error_and_leaves_nothing_behind(string what, string by, string named)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["sweep.yaml"], Good.Replace(what, by, StringComparison.Ordinal));

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "run", folder["sweep.yaml"]);

        Assert.Equal((int)ExitCode.Usage, exit);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.InRange(errors.Trim().Split('\n').Length, 1, 3);
        Assert.False(Directory.Exists(folder["home"]));
    }
}
