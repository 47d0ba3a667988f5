namespace Sweeps.Core.Space;

/// <summary>A hyperparameter: its full dotted name, how it is drawn, and when it is part of a configuration at all.</summary>
/// <param name="Name">Levels joined with dots: <c>optimizer.learning_rate</c>.</param>
/// <param name="Distribution">What it can be.</param>
/// <param name="When">
/// Parent's full name → the values under which this parameter is active: all parents must have one of theirs. Empty: always active.
/// </param>
public sealed record Parameter(string Name, Distribution Distribution, IReadOnlyDictionary<string, IReadOnlyList<Value>> When)
{
    /// <summary>Whether every parent is present with one of its values.</summary>
    public bool IsActive(IReadOnlyDictionary<string, Value> values)
    {
        foreach (var (parent, allowed) in When)
            if (!values.TryGetValue(parent, out var value) || !Allows(allowed, value))
                return false;
        return true;
    }

    /// <summary>Whether a parent's value is one of those of a condition.</summary>
    public static bool Allows(IReadOnlyList<Value> allowed, Value value)
    {
        for (var i = 0; i < allowed.Count; i++)
            if (ValueComparison.Same(allowed[i], value))
                return true;
        return false;
    }
}
