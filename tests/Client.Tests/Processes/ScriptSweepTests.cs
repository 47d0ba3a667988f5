using System.Runtime.CompilerServices;
using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Scripts that define their own sweep, in the forms that users write, through the real command.</summary>
public class ScriptSweepTests
{
    /// <summary>
    /// A script with its arguments, the number of runs, the epochs of all runs, and a text that the sweep file must contain.
    /// </summary>
    [PythonTheory]
    [InlineData("positional.py", 2, 4, "name: 'first try'")]
    [InlineData("by_name.py", 3, 6, "lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}")]
    [InlineData("arguments.py -- --epochs 3 --runs_per_value 1", 2, 6, "epochs: {value: 3}")]
    [InlineData("grid_without_count.py", 4, 4, "depth: {values: [1, 2]}")]
    [InlineData("two_sweeps.py --sweep 2", 2, 4, "name: rnn")]
    [InlineData("imported.py", 2, 4, "hidden: {values: [16, 32, 64]}")]
    [InlineData("groups.py", 2, 6, "model: {parameters: {width: {values: [8, 16]}, layers: {value: [400, 250]}}}")]
    [InlineData("baseline_first.py", 2, 2, "method: grid")]
    [InlineData("yaml_file.py", 1, 1, "program: yaml_file.py")]
    [InlineData("program_in_dictionary.py", 2, 4, "program: worker.py")]
    [InlineData("many_agents.py", 3, 6, "run_cap: 3")]
    [InlineData("notebook.ipynb", 2, 4, "program: notebook.ipynb")]
    public void A_script_is_its_sweep(string line, int runs, int epochs, string written)
    {
        using var folder = new TemporaryFolder();
        var words = line.Split(' ');

        var (exit, output, errors) = SweepProcess.RunIn(Scripts(), folder["home"], ["run", words[0], "--slots", "1", "-o", "json", .. words[1..]]);

        Assert.True(exit == 0, output + errors);
        Assert.Contains(written, errors, StringComparison.Ordinal);
        var sweep = JsonDocument.Parse(output).RootElement;
        Assert.Equal(runs, sweep.GetProperty("runs").GetInt32());
        Assert.Equal(epochs, sweep.GetProperty("epochs").GetInt32());
        Assert.NotEqual(JsonValueKind.Null, sweep.GetProperty("best").ValueKind);
    }

    /// <summary>A script that cannot be run, and a text that the message must contain.</summary>
    [PythonTheory]
    [InlineData("two_sweeps.py", "two_sweeps.py defines 2 sweeps; say which with --sweep: 1: cnn (random, train_cnn, 5 runs); 2: rnn (grid, train_rnn, 2 runs)")]
    [InlineData("two_sweeps.py --sweep 3", "--sweep 3: two_sweeps.py defines 2")]
    [InlineData("id_from_outside.py abc123", "takes the id of its sweep from elsewhere")]
    [InlineData("worker.py -- --lr 0.1", "worker.py defines no sweep: it never calls wandb.sweep.")]
    [InlineData("worker.py", "worker.py failed before it defined a sweep. Its last output: ")]
    [InlineData("missing_module.py", "missing_module.py failed before it called wandb.agent. Its last output: ")]
    [InlineData("nowhere.py", "nowhere.py: no such file.")]
    [InlineData("space.yaml extra", "'extra' is one argument too many")]
    public void A_mistake_is_said_in_one_sentence(string line, string message)
    {
        using var folder = new TemporaryFolder();

        var (exit, _, errors) = SweepProcess.RunIn(Scripts(), folder["home"], ["check", .. line.Split(' ')]);

        Assert.Equal(2, exit);
        Assert.Contains(message, errors.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    private static string Scripts([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../Scripts"));
}
