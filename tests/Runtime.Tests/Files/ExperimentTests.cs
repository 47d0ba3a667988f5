using System.Runtime.CompilerServices;
using Sweeps.Files;

namespace Runtime.Tests.Files;

public class ExperimentTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder(), "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder(), file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_experiment_can_be_run(string file)
    {
        var check = SpecCheck.Of(SweepFile.Parse(File.ReadAllText(Path.Combine(Folder(), file)), file));

        Assert.Empty(check.File.Warnings);
        Assert.NotEmpty(check.Samples);
        Assert.True(check.Cost is not null || check.Spec.OpenEnded);
    }

    [Fact]
    public void Every_experiment_is_listed()
    {
        var readme = File.ReadAllText(Path.Combine(Folder(), "README.md"));

        Assert.All(Directory.EnumerateFiles(Folder(), "*.yaml"), file => Assert.Contains($"`{Path.GetFileName(file)}`", readme, StringComparison.Ordinal));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../experiments"));
}
