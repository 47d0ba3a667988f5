namespace Sweeps.Files;

/// <summary>Collects what is to be said about a file while it is read.</summary>
internal sealed class Diagnostics
{
    private readonly List<Diagnostic> mistakes = [];
    private readonly List<Diagnostic> warnings = [];

    public bool HasMistakes => mistakes.Count > 0;

    public IReadOnlyList<Diagnostic> Mistakes => InOrder(mistakes);

    public IReadOnlyList<Diagnostic> Warnings => InOrder(warnings);

    public void Mistake(SourceLocation? place, string message) => mistakes.Add(new Diagnostic(place, message));

    public void Warn(SourceLocation? place, string message) => warnings.Add(new Diagnostic(place, message));

    private static Diagnostic[] InOrder(List<Diagnostic> diagnostics) =>
        [.. diagnostics.Distinct().OrderBy(diagnostic => diagnostic.Location?.Line ?? 0).ThenBy(diagnostic => diagnostic.Location?.Column ?? 0)];
}
