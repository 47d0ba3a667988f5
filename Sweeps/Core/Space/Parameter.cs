namespace Sweeps.Core.Space;

/// <summary>A hyperparameter: its full dotted name, how it is drawn, and when it is part of a configuration at all.</summary>
/// <param name="Name">Levels joined with dots: <c>optimizer.learning_rate</c>.</param>
/// <param name="Distribution">What it can be.</param>
/// <param name="When">
/// Parent's full name → the values under which this parameter is active: all parents must have one of theirs. Empty: always active.
/// </param>
public sealed record Parameter(string Name, Distribution Distribution, IReadOnlyDictionary<string, IReadOnlyList<Value>> When);
