namespace Sweeps.Files;

/// <summary>A place in a sweep file, both counted from 1.</summary>
public readonly record struct SourceLocation(int Line, int Column);
