namespace Sweeps.Files;

/// <summary>A sweep file that means nothing: all its mistakes, in the order of the file.</summary>
public sealed class SweepFileException(string file, IReadOnlyList<Diagnostic> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes.Select(mistake => mistake.At(file))))
{
    /// <summary>The file, as it was named.</summary>
    public string File { get; } = file;

    /// <summary>At least one.</summary>
    public IReadOnlyList<Diagnostic> Mistakes { get; } = mistakes;
}
