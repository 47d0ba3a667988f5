using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>docs/experiments.md must equal the page that is written from the kept logs, without training.</summary>
public class ReportPageTests
{
    [Fact]
    public void The_page_of_the_reports_and_its_figures_are_written_again_from_the_kept_logs()
    {
        using var folder = new TemporaryFolder();
        Copy(Path.Combine(Root(), "experiments", "reports"), folder["experiments/reports"], "*.yaml");
        Copy(Path.Combine(Root(), "experiments", "reports", "logs"), folder["experiments/reports/logs"], "*");

        using var build = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Builder.dll"), folder["."], "--page"]) { RedirectStandardError = true })!;
        var errors = build.StandardError.ReadToEnd();
        build.WaitForExit();

        Assert.True(build.ExitCode == 0, errors);
        Assert.Equal(File.ReadAllText(Path.Combine(Root(), "docs", "experiments.md")), File.ReadAllText(folder["docs/experiments.md"]));
        var figures = Directory.GetFiles(folder["docs/figures"]);
        Assert.Equal(figures.Select(Path.GetFileName).Order(), Directory.GetFiles(Path.Combine(Root(), "docs", "figures")).Select(Path.GetFileName).Order());
        Assert.All(figures, file => Assert.Equal(File.ReadAllText(Path.Combine(Root(), "docs", "figures", Path.GetFileName(file))), File.ReadAllText(file)));
    }

    private static void Copy(string from, string to, string pattern)
    {
        foreach (var file in Directory.GetFiles(from, pattern, SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}running{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
