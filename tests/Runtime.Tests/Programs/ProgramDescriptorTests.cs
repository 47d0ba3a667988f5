using Sweeps.Files;
using Tests.Shared;

namespace Runtime.Tests.Programs;

public class ProgramDescriptorTests
{
    [Theory]
    [InlineData("program: missing.py\nfolder: FOLDER", "There is no program 'missing.py'")]
    [InlineData("trainable: 'dotnet:FOLDER/missing.dll#Missing'", "There is no file")]
    public void What_only_nodes_need_may_be_missing_on_this_machine(string trained, string told)
    {
        using var folder = new TemporaryFolder();
        var file = SweepFile.Parse(
            $"{trained.Replace("FOLDER", folder.Path, StringComparison.Ordinal)}\nmethod: grid\nmetric: {{name: loss, goal: minimize}}\nparameters: {{lr: {{values: [1]}}}}\n", "s.yaml");

        Assert.StartsWith(told, Assert.Single(Assert.Throws<SweepFileException>(file.Verify).Mistakes).Message, StringComparison.Ordinal);
        var warning = Assert.Single((file with { Elsewhere = true }).Verify().Warnings);
        Assert.StartsWith(told, warning.Message, StringComparison.Ordinal);
        Assert.EndsWith("on this machine: a run needs a node that has it in a folder of its --programs.", warning.Message, StringComparison.Ordinal);
    }
}
