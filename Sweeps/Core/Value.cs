using System.Collections.Immutable;
using System.Globalization;

namespace Sweeps.Core;

/// <summary>A value of a hyperparameter. Compared by content: <c>3.0</c> and <c>3</c> are different; see <see cref="Space.ValueComparison"/>.</summary>
public abstract record Value
{
    private Value() { }

    /// <summary>The value in invariant culture, in the shortest form that parses to the same value.</summary>
    public abstract override string ToString();

    /// <summary><c>null</c>.</summary>
    public sealed record Null : Value
    {
        public static Null Instance { get; } = new();

        public override string ToString() => "null";
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public sealed record Boolean(bool Content) : Value
    {
        public override string ToString() => Content ? "true" : "false";
    }

    /// <summary>A whole number, written without point or exponent.</summary>
    public sealed record Integer(long Content) : Value
    {
        public override string ToString() => Content.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A number with a decimal point or an exponent, or from a continuous distribution.</summary>
    public sealed record Number(double Content) : Value
    {
        public override string ToString() => Content.ToString("R", CultureInfo.InvariantCulture);
    }

    public sealed record Text(string Content) : Value
    {
        public override string ToString() => Content;
    }

    /// <summary>A list of values, such as the widths <c>[400, 250, 100]</c>.</summary>
    public sealed record List(ImmutableArray<Value> Items) : Value
    {
        public bool Equals(List? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

        public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

        public override string ToString() => $"[{string.Join(", ", Items)}]";
    }

    /// <summary>A map with text keys, sorted by code point.</summary>
    public sealed record Map(ImmutableSortedDictionary<string, Value> Items) : Value
    {
        public bool Equals(Map? other) => other is not null && Items.SequenceEqual(other.Items);

        public override int GetHashCode() => Items.Aggregate(19, (hash, item) => HashCode.Combine(hash, item.Key, item.Value));

        public override string ToString() => $"{{{string.Join(", ", Items.Select(item => $"{item.Key}: {item.Value}"))}}}";
    }

    /// <summary>The value as a double when it is an integer or a number, else null.</summary>
    public double? AsDouble() => this switch
    {
        Integer integer => integer.Content,
        Number number => number.Content,
        _ => null,
    };
}
