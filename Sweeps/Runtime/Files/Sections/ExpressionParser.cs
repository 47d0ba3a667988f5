using System.Globalization;
using System.Text.RegularExpressions;
using Engine;
using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Files.Sections;

/// <summary>An expression does not parse.</summary>
internal sealed class ExpressionException(int position, string message) : Exception(message)
{
    /// <summary>The index of the character in the expression, from 0.</summary>
    public int Position { get; } = position;
}

/// <summary>The words that an expression may contain without quotes.</summary>
/// <param name="Names">The names that have a value, in the order in which messages list them.</param>
/// <param name="Texts">Texts that are values of a name: <c>adam</c>.</param>
/// <param name="Kind">What messages call a name: <c>a parameter</c>.</param>
internal sealed record ExpressionWords(IReadOnlyCollection<string> Names, IReadOnlySet<string> Texts, string Kind)
{
    /// <summary>The names whose value is a list: <c>tags == good</c> and <c>good in tags</c> ask whether the list has an item.</summary>
    public IReadOnlySet<string> Lists { get; init; } = new HashSet<string>();

    /// <summary>The parameters of a space and their values.</summary>
    public static ExpressionWords Of(SearchSpace space) => new(
        [.. space.Parameters.Select(parameter => parameter.Name)],
        space.Parameters.Select(parameter => parameter.Distribution.Domain).OfType<Domain.Categories>()
            .SelectMany(domain => domain.Values).OfType<Value.Text>().Select(value => value.Content).ToHashSet(),
        "a parameter");
}

/// <summary>
/// A recursive-descent parser of expressions with, in ascending precedence: or, and, not, one comparison (== != &lt; &lt;= &gt; &gt;= in, not in), + -,
/// * /, unary minus. Operands are parentheses, numbers, texts, true, false, null, lists and names. Backticks enclose a name with other characters.
/// </summary>
internal sealed partial class ExpressionParser
{
    private const int MaxDepth = 50;

    // An expression is evaluated recursively, one call per operator. Without a bound a long text would overflow the stack, which ends the process.
    private const int MaxOperators = 1_000;

    private static readonly Dictionary<string, Comparison> Comparisons = new()
    {
        ["=="] = Comparison.Equal, ["="] = Comparison.Equal, ["!="] = Comparison.NotEqual, ["<"] = Comparison.Less,
        ["<="] = Comparison.LessOrEqual, [">"] = Comparison.Greater, [">="] = Comparison.GreaterOrEqual,
    };

    private readonly string text;
    private readonly ExpressionWords words;
    private readonly List<(string Text, int Position)> tokens;
    private int next;
    private int depth;
    private int operators;

    private ExpressionParser(string text, ExpressionWords words)
    {
        this.text = text;
        this.words = words;
        tokens = [.. Tokenize()];
    }

    /// <summary>Parses an expression over the parameters of a space. Throws <see cref="ExpressionException"/>.</summary>
    public static Expression Parse(string text, SearchSpace space) => Parse(text, ExpressionWords.Of(space));

    /// <summary>Parses an expression over some names. Throws <see cref="ExpressionException"/>.</summary>
    public static Expression Parse(string text, ExpressionWords words)
    {
        var parser = new ExpressionParser(text, words);
        var expression = parser.Or();
        if (parser.next < parser.tokens.Count)
            throw parser.Unexpected("the end, 'and' or 'or'");
        if (expression is Expression.Literal or Expression.Arithmetic)
            throw new ExpressionException(0, $"'{text}' is neither true nor false: compare something, such as 'hidden_size >= 64'.");
        return expression;
    }

    private Expression Or()
    {
        if (++depth > MaxDepth)
            throw Unexpected("fewer parentheses");
        var left = And();
        while (Take("or"))
            left = Counted(new Expression.Or(left, And()));
        depth--;
        return left;
    }

    private Expression Counted(Expression operation) => ++operators <= MaxOperators ? operation : throw new ExpressionException(
        0, $"An expression may have {MaxOperators} operators, and this one has more. Write a shorter one, or several constraints, which must all hold.");

    private Expression And()
    {
        var left = Not();
        while (Take("and"))
            left = Counted(new Expression.And(left, Not()));
        return left;
    }

    private Expression Not()
    {
        var inverted = false;
        while (Take("not"))
            inverted = !inverted;
        var operand = Compare();
        return inverted ? new Expression.Not(operand) : operand;
    }

    private Expression Compare()
    {
        var left = Sum();
        if (next >= tokens.Count)
            return left;
        if (Take("in"))
            return In(left);
        if (tokens[next].Text == "not" && next + 1 < tokens.Count && tokens[next + 1].Text == "in")
        {
            next += 2;
            return new Expression.Not(In(left));
        }
        if (!Comparisons.TryGetValue(tokens[next].Text, out var comparison))
            return left;
        if (left is Expression.Name { Parameter: var list } && words.Lists.Contains(list))
            return OfList(left, comparison, list);
        next++;
        return new Expression.Compare(comparison, left, Sum());
    }

    private Expression.In In(Expression left) => left is Expression.Literal item && next < tokens.Count && words.Lists.Contains(tokens[next].Text)
        ? new Expression.In(Name()!, [item.Value])
        : new Expression.In(left, Items());

    private Expression OfList(Expression left, Comparison comparison, string list)
    {
        if (comparison is not (Comparison.Equal or Comparison.NotEqual))
            throw Unexpected($"'==', '!=' or 'in', because '{list}' is a list of words");
        next++;
        var has = new Expression.In(left, [Literal()]);
        return comparison is Comparison.Equal ? has : new Expression.Not(has);
    }

    private Expression Sum()
    {
        var left = Product();
        while (next < tokens.Count && tokens[next].Text is "+" or "-")
            left = Counted(new Expression.Arithmetic(tokens[next++].Text[0], left, Product()));
        return left;
    }

    private Expression Product()
    {
        var left = Factor();
        while (next < tokens.Count && tokens[next].Text is "*" or "/")
            left = Counted(new Expression.Arithmetic(tokens[next++].Text[0], left, Factor()));
        return left;
    }

    private Expression Factor()
    {
        if (Take("("))
        {
            var inner = Or();
            if (!Take(")"))
                throw Unexpected("')'");
            return inner;
        }
        var sign = 1;
        while (Take("-"))
            sign = -sign;
        var factor = (Expression?)Name() ?? new Expression.Literal(Literal());
        return sign > 0 ? factor : new Expression.Arithmetic('*', new Expression.Literal(new Value.Integer(-1)), factor);
    }

    private Expression.Name? Name()
    {
        if (next >= tokens.Count || !Word().IsMatch(tokens[next].Text))
            return null;
        var (token, position) = tokens[next];
        var word = token.Trim('`');
        if (words.Names.Contains(word))
        {
            next++;
            return new Expression.Name(word);
        }
        if (token is ['`', ..])
            throw new ExpressionException(position, $"'{word}' is not {words.Kind}. {DidYouMean.Hint(word, words.Names)}");
        if (word is "true" or "false" or "null" || words.Texts.Contains(word))
            return null;
        if (word is "and" or "or" or "not" or "in")
            throw Unexpected("a name or a value");
        throw new ExpressionException(position, $"'{word}' is neither {words.Kind} nor a value of one. {DidYouMean.Hint(word, words.Names)}");
    }

    private List<Value> Items()
    {
        if (!Take("["))
            throw Unexpected("a list such as [adam, nadam]");
        var items = new List<Value>();
        do
        {
            var sign = Take("-") ? -1 : 1;
            var item = Literal();
            items.Add(sign > 0 ? item : new Value.Number(-(item.AsDouble() ?? throw Unexpected("a number"))));
        }
        while (Take(","));
        return Take("]") ? items : throw Unexpected("',' or ']'");
    }

    private Value Literal()
    {
        if (next >= tokens.Count)
            throw Unexpected("a name or a value");
        var token = tokens[next].Text;
        Value? value = token switch
        {
            "true" => new Value.Boolean(true),
            "false" => new Value.Boolean(false),
            "null" => Value.Null.Instance,
            ['\'' or '"', ..] => new Value.Text(token[1..^1]),
            _ when long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var integer) => new Value.Integer(integer),
            _ when char.IsAsciiDigit(token[^1]) && double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => new Value.Number(number),
            _ when Word().IsMatch(token) => new Value.Text(token),
            _ => null,
        };
        if (value is null)
            throw Unexpected("a name or a value");
        next++;
        return value;
    }

    private bool Take(string token)
    {
        if (next >= tokens.Count || tokens[next].Text != token)
            return false;
        next++;
        return true;
    }

    private ExpressionException Unexpected(string expected) => next < tokens.Count
        ? new ExpressionException(tokens[next].Position, $"Expected {expected}, but found '{tokens[next].Text}' in '{text}'.")
        : new ExpressionException(text.Length, $"Expected {expected}, but '{text}' ends.");

    private IEnumerable<(string Text, int Position)> Tokenize()
    {
        for (var position = 0; position < text.Length;)
        {
            if (char.IsWhiteSpace(text[position]))
            {
                position++;
                continue;
            }
            var match = Token().Match(text, position);
            if (!match.Success)
                throw new ExpressionException(position, text[position] is '`' or '\'' or '"'
                    ? $"The {text[position]} has no second one that closes it in '{text}'."
                    : $"'{text[position]}' is not allowed in an expression; expected for instance 'hidden_size >= 64 or epochs <= 5'.");
            var token = match.Value;
            var dash = token.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && Word().IsMatch(token) && !words.Names.Contains(token) && !words.Texts.Contains(token))
                token = token[..dash];
            yield return (token, position);
            position += token.Length;
        }
    }

    [GeneratedRegex("""\G(?:\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z_][A-Za-z0-9_]*)*|'[^']*'|"[^"]*"|`[^`]*`|==|!=|<=|>=|[=<>+\-*/()\[\],])""")]
    private static partial Regex Token();

    [GeneratedRegex(@"^[A-Za-z_`]")]
    private static partial Regex Word();
}
