using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files.Sections;

namespace Sweeps.Files;

/// <summary>A condition on runs in the language of <c>constraints</c>: <c>optimizer in [nadam, adam] and val_accuracy &gt; 0.88</c>.</summary>
public sealed class RunFilter
{
    private readonly Expression expression;

    private RunFilter(Expression expression) => this.expression = expression;

    /// <summary>Parses a condition. Throws <see cref="FormatException"/>, whose message says what is wrong, where, and what was expected.</summary>
    /// <param name="text">The condition.</param>
    /// <param name="space">The parameters and their values.</param>
    /// <param name="names">Further names, such as metrics, for which a run has a value.</param>
    /// <param name="texts">The texts that are values of those names and need no quotes.</param>
    /// <param name="lists">Those of <paramref name="names"/> whose value is a list.</param>
    public static RunFilter Parse(string text, SearchSpace space, IEnumerable<string> names, IEnumerable<string> texts, params string[] lists)
    {
        var words = ExpressionWords.Of(space);
        try
        {
            return new RunFilter(ExpressionParser.Parse(text, new ExpressionWords(
                [.. words.Names.Concat(names).Distinct()], words.Texts.Concat(texts).ToHashSet(), "a column") { Lists = lists.ToHashSet() }));
        }
        catch (ExpressionException mistake)
        {
            throw new FormatException($"{mistake.Message} (character {mistake.Position + 1})", mistake);
        }
    }

    /// <summary>Whether the condition is true for a run's values. It is false if the run lacks a value that the condition depends on.</summary>
    public bool Holds(Configuration values) => expression.Evaluate(values) is Value.Boolean { Content: true };
}
