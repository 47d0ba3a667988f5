namespace Sweeps.Core.Space;

/// <summary>An expression over the parameters of a configuration. Pure. Its value is null, undecided, when it depends on an absent parameter.</summary>
public abstract record Expression
{
    private Expression() { }

    /// <summary>The value for a configuration, or null when it depends on an absent parameter.</summary>
    public abstract Value? Evaluate(Configuration configuration);

    /// <summary>A literal value.</summary>
    public sealed record Literal(Value Value) : Expression
    {
        public override Value? Evaluate(Configuration configuration) => Value;
    }

    /// <summary>The value of a parameter.</summary>
    public sealed record Name(string Parameter) : Expression
    {
        public override Value? Evaluate(Configuration configuration) => configuration[Parameter];
    }

    /// <summary><c>not x</c>.</summary>
    public sealed record Not(Expression Operand) : Expression
    {
        public override Value? Evaluate(Configuration configuration) => Truth(Operand, configuration) is { } truth ? new Value.Boolean(!truth) : null;
    }

    /// <summary><c>x and y</c>: false if either side is false, even if the other is undecided.</summary>
    public sealed record And(Expression Left, Expression Right) : Expression
    {
        public override Value? Evaluate(Configuration configuration) => Logic(Left, Right, configuration, decides: false);
    }

    /// <summary><c>x or y</c>: true if either side is true, even if the other is undecided.</summary>
    public sealed record Or(Expression Left, Expression Right) : Expression
    {
        public override Value? Evaluate(Configuration configuration) => Logic(Left, Right, configuration, decides: true);
    }

    /// <summary><c>x in [a, b, c]</c>: whether one of the items is x, or is in x if x is a list.</summary>
    public sealed record In(Expression Operand, IReadOnlyList<Value> Items) : Expression
    {
        public override Value? Evaluate(Configuration configuration) => Operand.Evaluate(configuration) switch
        {
            null => null,
            Value.List list => new Value.Boolean(list.Items.Any(Has)),
            var value => new Value.Boolean(Has(value)),
        };

        private bool Has(Value value) => Items.Any(item => ValueComparison.Same(value, item));
    }

    /// <summary>A comparison. Numbers compare by value, texts by code point; values of different types are unequal and unordered.</summary>
    public sealed record Compare(Comparison Comparison, Expression Left, Expression Right) : Expression
    {
        public override Value? Evaluate(Configuration configuration) =>
            Left.Evaluate(configuration) is { } left && Right.Evaluate(configuration) is { } right
                ? new Value.Boolean(ValueComparison.Holds(Comparison, left, right))
                : null;
    }

    /// <summary><c>x + y</c>, <c>x - y</c>, <c>x * y</c>, <c>x / y</c> on numbers, as doubles.</summary>
    public sealed record Arithmetic(char Operator, Expression Left, Expression Right) : Expression
    {
        public override Value? Evaluate(Configuration configuration)
        {
            if (Left.Evaluate(configuration)?.AsDouble() is not { } left || Right.Evaluate(configuration)?.AsDouble() is not { } right)
                return null;
            return new Value.Number(Operator switch
            {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                _ => left / right,
            });
        }
    }

    private static bool? Truth(Expression expression, Configuration configuration) =>
        expression.Evaluate(configuration) is Value.Boolean truth ? truth.Content : null;

    private static Value.Boolean? Logic(Expression left, Expression right, Configuration configuration, bool decides)
    {
        var (first, second) = (Truth(left, configuration), Truth(right, configuration));
        if (first == decides || second == decides)
            return new Value.Boolean(decides);
        return first is null || second is null ? null : new Value.Boolean(!decides);
    }
}

/// <summary>The comparisons of an expression.</summary>
public enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>A condition on every configuration of a search, such as <c>hidden_size &gt;= 64 or epochs &lt;= 5</c>.</summary>
/// <param name="Text">The text in the sweep file.</param>
/// <param name="Expression">The parsed text.</param>
public sealed record Constraint(string Text, Expression Expression)
{
    /// <summary>
    /// Whether a configuration satisfies the constraint. An expression with an absent parameter is undecided (Kleene's logic), and a
    /// constraint holds unless its expression is false: a constraint on <c>momentum</c> does not restrict a run without momentum.
    /// </summary>
    public bool Holds(Configuration configuration) => Expression.Evaluate(configuration) is not Value.Boolean { Content: false };
}

/// <summary>Equality and order of values in sweep files: <c>3.0</c> equals <c>3</c>.</summary>
public static class ValueComparison
{
    /// <summary>Whether two values are equal: numbers by value, others by content.</summary>
    public static bool Same(Value left, Value right) =>
        left.AsDouble() is { } x && right.AsDouble() is { } y ? x == y : left.Equals(right);

    /// <summary>Whether a comparison holds. Values of different types are unequal and unordered.</summary>
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
