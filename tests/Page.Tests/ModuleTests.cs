using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Page.Tests;

/// <summary>The page's modules as text.</summary>
public partial class ModuleTests
{
    private static string Modules => Metadata("Modules");

    [Fact]
    public void TheTypesInTheComments_FitTheCode()
    {
        var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var folder = Path.Combine(Metadata("TypeScript"), "tools", "runtimes", $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");
        var compiler = Path.Combine(folder, OperatingSystem.IsWindows() ? "tsc.exe" : "tsc");
        if (!OperatingSystem.IsWindows())
            // NuGet does not set the execute permission of the files in a package.
            File.SetUnixFileMode(compiler, File.GetUnixFileMode(compiler) | UnixFileMode.UserExecute);

        using var process = Process.Start(new ProcessStartInfo(compiler, ["-p", Modules]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
    }

    [Fact]
    public void NamesAtTheTopOfModulesDiffer_BecauseThePageJoinsThem()
    {
        var names = Files().SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToList();

        Assert.NotEmpty(names);
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void NothingOfASweepIsParsedAsMarkup_OrEvaluated()
    {
        foreach (var file in Files())
            Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc", File.ReadAllText(file));
    }

    private static string[] Files() => Directory.GetFiles(Modules, "*.js", SearchOption.AllDirectories);

    private static string Metadata(string key) =>
        typeof(ModuleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    [GeneratedRegex(@"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
