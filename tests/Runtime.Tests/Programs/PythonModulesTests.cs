using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sweeps.Programs.Python;
using Tests.Shared;

namespace Runtime.Tests.Programs;

public class PythonModulesTests
{
    [Fact]
    public void The_modules_are_unpacked_once_and_are_those_of_the_repository()
    {
        using var folder = new TemporaryFolder();
        var source = Path.GetFullPath(Path.Combine(Here(), "../../../Sweeps/Runtime/Programs/Python"));

        var modules = PythonModules.Unpack(folder["python"]);
        var again = PythonModules.Unpack(folder["python"]);

        Assert.Equal(modules, again);
        Assert.Single(Directory.GetDirectories(folder["python"]));
        var files = Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".cs", StringComparison.Ordinal) && !file.Contains("__pycache__", StringComparison.Ordinal)).ToArray();
        Assert.Contains(files, file => file.EndsWith("METADATA", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(modules.Reports, "..", Path.GetRelativePath(source, file)))));
        Assert.Equal(files.Length, Directory.EnumerateFiles(Path.GetDirectoryName(modules.Reports)!, "*", SearchOption.AllDirectories).Count());
    }

    [PythonFact]
    public void The_tests_of_the_modules_pass()
    {
        var start = new ProcessStartInfo(PythonFactAttribute.Interpreter!, ["-m", "unittest"]) { WorkingDirectory = Path.Combine(Here(), "python"), RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var tests = Process.Start(start)!;
        var output = tests.StandardError.ReadToEnd();
        tests.WaitForExit();
        Assert.True(tests.ExitCode == 0, output);
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
