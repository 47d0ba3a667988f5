using System.Diagnostics;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>The template of <c>dotnet new</c> for trainables of .NET, from its installation to a sweep.</summary>
public sealed class DotnetTemplateTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [UnixFact]
    public void A_project_from_the_template_is_built_and_swept()
    {
        // A separate template hive, so that the test does not install the template for the user.
        string[] hive = ["--debug:custom-hive", folder["hive"]];
        Dotnet(["new", "install", Repository("docs/templates/sweep-trainable"), .. hive]);
        Dotnet(["new", "sweep-trainable", "-n", "Mine", "-o", folder["Mine"], "--sweep", AppContext.BaseDirectory, .. hive]);
        Dotnet(["build", folder["Mine"], "-c", "Release", "-v", "quiet", "-nologo"]);

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "run", Path.Combine(folder["Mine"], "sweep.yaml"), "--set", "run_cap=4");

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        Assert.Contains("4 runs", output, StringComparison.Ordinal);
        Assert.Equal(0, SweepProcess.Run(folder["home"], "export", "--weights", folder["best.bin"]).ExitCode);
        Assert.NotEqual(0, new FileInfo(folder["best.bin"]).Length);
    }

    public void Dispose() => folder.Dispose();

    private static void Dotnet(string[] arguments)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = dotnet.StandardError.ReadToEndAsync();
        var output = dotnet.StandardOutput.ReadToEnd();
        dotnet.WaitForExit();
        Assert.True(dotnet.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {output}{errors.Result}");
    }

    private static string Repository(string path, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", path));
}
