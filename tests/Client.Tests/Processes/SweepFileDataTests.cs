using System.Text;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Errors of <c>check</c> about the data that a sweep file names, with their position in the file.</summary>
public sealed class SweepFileDataTests : IDisposable
{
    private const string Table = "x,y,label\n0.1,0.2,a\n0.3,0.1,b\n0.5,0.2,a\n0.3,0.7,b\n";

    private readonly TemporaryFolder folder = new();

    public SweepFileDataTests()
    {
        File.WriteAllText(folder["t.csv"], Table);
        File.WriteAllText(folder["umlaut.csv"], "x,größe,label\n0.1,0.2,a\n", Encoding.Latin1);
    }

    [Theory]
    [InlineData("csv:t.csv#lable", "sweep.yaml:3:1: ", "there is no column 'lable'; expected the column of labels to be one of x, y, label. Did you mean 'label'?")]
    [InlineData("csv:nowhere.csv", "sweep.yaml:3:1: ", "nowhere.csv: cannot be opened")]
    [InlineData("csv:umlaut.csv", "sweep.yaml:3:1: ", "not UTF-8 text")]
    [InlineData("fashion-mnits", "sweep.yaml:3:1: ", "Did you mean 'fashion-mnist'?")]
    [InlineData("cvs:t.csv", "sweep.yaml:3:1: ", "There is no data set 'cvs:t.csv'")]
    [InlineData("idx:.", "sweep.yaml:3:1: ", "train-images-idx3-ubyte: there is no such file")]
    [InlineData("csv:t.csv\n  hidden_size: {values: [8, '16']}", "sweep.yaml:8:29: ", "'hidden_size' cannot be the text '16'")]
    [InlineData("csv:t.csv\n  convolutions: {value: 1}\n  filters: {value: 4}\n  kernel_size: {value: 3}\n  padding: {value: valid}", "sweep.yaml:3:1: ", "cannot be trained")]
    public void Check_opens_the_data(string dataset, string place, string message)
    {
        var (exit, output, errors) = Check(dataset.Split('\n') is [var name, .. var parameters] ? $"dataset: {name}\n{Rest}{string.Join('\n', parameters)}\n" : "");

        Assert.Equal((int)ExitCode.Usage, exit);
        Assert.Empty(output);
        Assert.Contains(place, errors, StringComparison.Ordinal);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("job: team/train:v3", "sweep.yaml:3:1: This names a container or a job of W&B Launch")]
    [InlineData("program: train.py", "sweep.yaml:3:1: There is no program 'train.py' in ")]
    public void A_program_that_is_not_there_is_refused(string key, string message)
    {
        var (exit, output, errors) = Check($"{key}\n{Rest}");

        Assert.Equal((int)ExitCode.Usage, exit);
        Assert.Empty(output);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Equal(0, Check($"dataset: glyphs\n{key}\n{Rest}").ExitCode);
    }

    [Fact]
    public void A_tab_is_reported_in_its_line()
    {
        var (exit, _, errors) = Check($"dataset: glyphs\nparameters:\n\thidden_size: {{value: 8}}\n");

        Assert.Equal((int)ExitCode.Usage, exit);
        Assert.Contains("sweep.yaml:5:1: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_count_from_the_sweep_file_and_are_kept_in_full()
    {
        File.WriteAllText(folder["sweep.yaml"], $"method: random\nrun_cap: 2 # two\ndataset: csv:t.csv # small\n{Rest}  validation_share: {{value: 0}}\n");
        var home = folder["home"];

        Assert.Equal(0, SweepProcess.Run(home, "run", folder["sweep.yaml"]).ExitCode);
        Assert.Contains($"run_cap: 2 # two\ndataset: 'csv:{folder["t.csv"]}#label' # small\n", File.ReadAllText(Path.Combine(home, TinySweep.Only(home)!, "sweep.yaml")), StringComparison.Ordinal);
        Assert.Equal(0, SweepProcess.Run(home, "extend", "--run-cap", "3").ExitCode);
        var (exit, _, errors) = SweepProcess.Run(home, "resume");

        Assert.True(exit == 0, errors);
    }

    public void Dispose() => folder.Dispose();

    private const string Rest = "epochs: 1\nmetric: {name: train_loss, goal: minimize}\nparameters:\n  learning_rate: {min: 0.1, max: 0.2}\n";

    private (int ExitCode, string Output, string Errors) Check(string text)
    {
        File.WriteAllText(folder["sweep.yaml"], $"method: random\nrun_cap: 2\n{text}");
        return SweepProcess.Run(folder["home"], "check", folder["sweep.yaml"]);
    }
}
