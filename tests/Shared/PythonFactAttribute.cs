using Xunit;

namespace Tests.Shared;

/// <summary>A test that needs Python 3: reported as skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Interpreter is null ? "python3 is not on the path." : null;

    /// <summary>The interpreter, or null.</summary>
    public static string? Interpreter { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { Path.Combine(folder, "python3"), Path.Combine(folder, "python3.exe") }).FirstOrDefault(File.Exists);
}
