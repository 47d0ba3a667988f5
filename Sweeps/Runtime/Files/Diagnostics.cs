namespace Sweeps.Files;

/// <summary>Collects the mistakes and warnings of a file while it is read.</summary>
internal sealed class Diagnostics
{
    private readonly List<Diagnostic> mistakes = [];
    private readonly List<Diagnostic> warnings = [];

    public bool HasMistakes => mistakes.Count > 0;

    public IReadOnlyList<Diagnostic> Mistakes => InOrder(mistakes);

    public IReadOnlyList<Diagnostic> Warnings => InOrder(warnings);

    public void Mistake(SourceLocation? location, string message) => mistakes.Add(new Diagnostic(location, message));

    public void Warn(SourceLocation? location, string message) => warnings.Add(new Diagnostic(location, message));

    private static Diagnostic[] InOrder(List<Diagnostic> diagnostics) =>
        [.. diagnostics.Distinct().OrderBy(diagnostic => diagnostic.Location?.Line ?? 0).ThenBy(diagnostic => diagnostic.Location?.Column ?? 0)];
}

/// <summary>A mistake or a warning about a sweep file.</summary>
/// <param name="Location">The position; null if the message is about the whole file.</param>
/// <param name="Message">What is wrong, the value received, what was expected, what to do.</param>
public sealed record Diagnostic(SourceLocation? Location, string Message)
{
    /// <summary><c>sweep.yaml:3:7: message</c></summary>
    public string At(string file) => Location is { } location ? $"{file}:{location.Line}:{location.Column}: {Message}" : $"{file}: {Message}";
}

/// <summary>A position in a sweep file; line and column are counted from 1.</summary>
public readonly record struct SourceLocation(int Line, int Column);

/// <summary>A sweep file has mistakes. The exception has all of them, in the order of the file.</summary>
public sealed class SweepFileException(string file, IReadOnlyList<Diagnostic> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes.Select(mistake => mistake.At(file))))
{
    /// <summary>The name of the file, as given.</summary>
    public string File { get; } = file;

    public IReadOnlyList<Diagnostic> Mistakes { get; } = mistakes;
}
