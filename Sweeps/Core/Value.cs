using System.Collections.Immutable;
using System.Globalization;

namespace Sweeps.Core;

/// <summary>A value of a hyperparameter: what a sweep file can write. Compared by content; an integral number is not an integer.</summary>
public abstract record Value
{
    private Value() { }

    /// <summary>The value as a person writes it: invariant culture, shortest form that reads back the same.</summary>
    public abstract override string ToString();

    /// <summary>Nothing (<c>null</c> in a sweep file).</summary>
    public sealed record Null : Value
    {
        /// <summary>The one instance.</summary>
        public static Null Instance { get; } = new();

        /// <inheritdoc/>
        public override string ToString() => "null";
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public sealed record Boolean(bool Content) : Value
    {
        /// <inheritdoc/>
        public override string ToString() => Content ? "true" : "false";
    }

    /// <summary>A whole number, written without point or exponent.</summary>
    public sealed record Integer(long Content) : Value
    {
        /// <inheritdoc/>
        public override string ToString() => Content.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A number written with a point or an exponent, or drawn from a continuous distribution.</summary>
    public sealed record Number(double Content) : Value
    {
        /// <inheritdoc/>
        public override string ToString() => Content.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>A text.</summary>
    public sealed record Text(string Content) : Value
    {
        /// <inheritdoc/>
        public override string ToString() => Content;
    }

    /// <summary>A list of values, such as the widths <c>[400, 250, 100]</c>.</summary>
    public sealed record List(ImmutableArray<Value> Items) : Value
    {
        /// <inheritdoc/>
        public bool Equals(List? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

        /// <inheritdoc/>
        public override string ToString() => $"[{string.Join(", ", Items)}]";
    }

    /// <summary>A map with text keys, sorted by code point.</summary>
    public sealed record Map(ImmutableSortedDictionary<string, Value> Items) : Value
    {
        /// <inheritdoc/>
        public bool Equals(Map? other) => other is not null && Items.SequenceEqual(other.Items);

        /// <inheritdoc/>
        public override int GetHashCode() => Items.Aggregate(19, (hash, item) => HashCode.Combine(hash, item.Key, item.Value));

        /// <inheritdoc/>
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
