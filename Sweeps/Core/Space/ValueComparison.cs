namespace Sweeps.Core.Space;

/// <summary>Equality and order of values as a sweep file means them: <c>3.0</c> is <c>3</c>.</summary>
public static class ValueComparison
{
    /// <summary>Whether two values are the same to a person: numbers by value, the rest by content.</summary>
    public static bool Same(Value left, Value right) =>
        left.AsDouble() is { } x && right.AsDouble() is { } y ? x == y : left.Equals(right);

    /// <summary>Whether a comparison holds. Values of different kinds are unequal and in no order.</summary>
    public static bool Holds(Comparison comparison, Value left, Value right)
    {
        if (comparison is Comparison.Equal or Comparison.NotEqual)
            return Same(left, right) == (comparison is Comparison.Equal);
        if (Order(left, right) is not { } order)
            return false;
        return comparison switch
        {
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static int? Order(Value left, Value right) => (left, right) switch
    {
        (Value.Text x, Value.Text y) => string.CompareOrdinal(x.Content, y.Content),
        _ when left.AsDouble() is { } x && right.AsDouble() is { } y && !double.IsNaN(x) && !double.IsNaN(y) => x.CompareTo(y),
        _ => null,
    };
}
