using System.Runtime.CompilerServices;
using Sweeps.Files;
using Sweeps.Training.Networks;

namespace Runtime.Tests.Files;

public class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Folder(), "sweep-files.md"));

    [Fact]
    public void The_example_of_the_documentation_can_be_run()
    {
        var begin = Text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;

        var check = SpecCheck.Of(SweepFile.Parse(Text[begin..Text.IndexOf("```\n", begin, StringComparison.Ordinal)], "example.yaml"));

        Assert.Equal(200, check.Runs);
    }

    [Fact]
    public void Every_parameter_of_networks_is_documented()
    {
        // The documentation lists the options of optimizers and schedules in groups that end with an ellipsis.
        var grouped = Engine.Networks.Optimizers.Names.SelectMany(name => Engine.Networks.Optimizers.Catalog.Keys(name)).Select(key => key.Name).ToHashSet();

        Assert.All(
            NetworkVocabulary.All.Select(parameter => parameter.Name).Where(name => !grouped.Contains(name) && !name.StartsWith("schedule_", StringComparison.Ordinal)),
            name => Assert.Contains($"`{name}`", Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_word_of_the_documented_parameters_is_understood()
    {
        var table = Text[Text.IndexOf("## Parameters of networks", StringComparison.Ordinal)..Text.IndexOf("### Metrics", StringComparison.Ordinal)];
        var words = table.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => line.Split('|')[1..3])
            .SelectMany(cell => cell.Split(',')).Select(word => word.Trim(' ', '`', '…')).Where(word => word.Length > 0);

        Assert.All(words, word => Assert.NotNull(NetworkVocabulary.Find(word)));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs"));
}
