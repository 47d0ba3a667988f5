namespace Sweeps.Core.Space;

/// <summary>An expression over the parameters of a configuration. Pure; a value of null is undecided: a parameter is absent.</summary>
public abstract record Expression
{
    private Expression() { }

    /// <summary>The value for a configuration, or null when it depends on an absent parameter.</summary>
    public abstract Value? Evaluate(Configuration configuration);

    /// <summary>A value as it is written.</summary>
    public sealed record Literal(Value Value) : Expression
    {
        /// <inheritdoc/>
        public override Value? Evaluate(Configuration configuration) => Value;
    }

    /// <summary>The value of a parameter.</summary>
    public sealed record Name(string Parameter) : Expression
    {
        /// <inheritdoc/>
        public override Value? Evaluate(Configuration configuration) => configuration[Parameter];
    }

    /// <summary><c>not x</c>.</summary>
    public sealed record Not(Expression Operand) : Expression
    {
        /// <inheritdoc/>
        public override Value? Evaluate(Configuration configuration) => Truth(Operand, configuration) is { } truth ? new Value.Boolean(!truth) : null;
    }

    /// <summary><c>x and y</c>: false as soon as one side is.</summary>
    public sealed record And(Expression Left, Expression Right) : Expression
    {
        /// <inheritdoc/>
        public override Value? Evaluate(Configuration configuration) => Logic(Left, Right, configuration, decides: false);
    }

    /// <summary><c>x or y</c>: true as soon as one side is.</summary>
    public sealed record Or(Expression Left, Expression Right) : Expression
    {
        /// <inheritdoc/>
        public override Value? Evaluate(Configuration configuration) => Logic(Left, Right, configuration, decides: true);
    }

    /// <summary><c>x in [a, b, c]</c>.</summary>
    public sealed record In(Expression Operand, IReadOnlyList<Value> Items) : Expression
    {
        /// <inheritdoc/>
        public override Value? Evaluate(Configuration configuration) =>
            Operand.Evaluate(configuration) is { } value ? new Value.Boolean(Items.Any(item => ValueComparison.Same(value, item))) : null;
    }

    /// <summary>A comparison. Numbers compare by value, texts by code point; values of different kinds are unequal and in no order.</summary>
    public sealed record Compare(Comparison Comparison, Expression Left, Expression Right) : Expression
    {
        /// <inheritdoc/>
        public override Value? Evaluate(Configuration configuration) =>
            Left.Evaluate(configuration) is { } left && Right.Evaluate(configuration) is { } right
                ? new Value.Boolean(ValueComparison.Holds(Comparison, left, right))
                : null;
    }

    /// <summary><c>x + y</c>, <c>x - y</c>, <c>x * y</c>, <c>x / y</c> on numbers, as doubles.</summary>
    public sealed record Arithmetic(char Operator, Expression Left, Expression Right) : Expression
    {
        /// <inheritdoc/>
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
    /// <summary><c>==</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,
}
