namespace Sweeps.Core.Space;

/// <summary>All parameters of a sweep, sorted by full name by code point.</summary>
public sealed record SearchSpace(IReadOnlyList<Parameter> Parameters);
