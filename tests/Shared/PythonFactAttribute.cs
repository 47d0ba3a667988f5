using System.Diagnostics;
using Xunit;

namespace Tests.Shared;

/// <summary>A test that needs Python 3: reported as skipped, with the reason, if there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Interpreter is null ? "python3 is not on the path." : null;

    /// <summary>The path of the interpreter itself, not of a version manager's script that starts it; null if there is none.</summary>
    public static string? Interpreter { get; } = Ask(Names, "import sys; print(sys.executable)");

    /// <summary>The path of an interpreter with NumPy, or null.</summary>
    public static string? WithNumpy { get; } = Ask([.. Names, "/usr/bin/python3"], "import sys, numpy; print(sys.executable)");

    /// <summary>
    /// The path of an interpreter with PyTorch, or null. PyTorch is located without importing it, which would take seconds.
    /// </summary>
    public static string? WithTorch { get; } = Ask(
        [.. Names, "/usr/bin/python3"], "import sys; from importlib.util import find_spec; print(sys.executable) if find_spec('torch') else sys.exit(1)");

    private static string[] Names => OperatingSystem.IsWindows() ? ["python"] : ["python3", "python"];

    private static string? Ask(IEnumerable<string> interpreters, string question)
    {
        foreach (var interpreter in interpreters)
            try
            {
                using var process = Process.Start(new ProcessStartInfo(interpreter, ["-c", question]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                var answer = process.StandardOutput.ReadToEnd().Trim();
                process.WaitForExit();
                if (process.ExitCode == 0)
                    return answer;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not on the path.
            }
        return null;
    }
}
