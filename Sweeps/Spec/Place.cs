namespace Sweeps.Spec;

/// <summary>A place in a sweep file, both counted from 1.</summary>
public readonly record struct Place(int Line, int Column);
