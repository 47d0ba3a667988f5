using Engine;
using Sweeps.Core;
using Sweeps.Files;

namespace Sweeps.Training.Networks;

/// <summary>
/// Converts the values of hyperparameters. Every method throws <see cref="ConfigurationException"/>, with the received and the expected value, if it
/// cannot.
/// </summary>
internal static class HyperparameterReader
{
    /// <summary>Converts to a finite number. Null gives 0, which switches an optional feature such as dropout off.</summary>
    public static double Number(Value value) => value is Value.Null ? 0
        : value.AsDouble() is { } number && double.IsFinite(number) ? number
        : throw Refuse(value, "a number");

    public static int Integer(Value value, int min, int max = int.MaxValue) =>
        value.AsDouble() is { } number && number == Math.Floor(number) && number >= min && number <= max
            ? (int)number
            : throw Refuse(value, max == int.MaxValue ? $"an integer of at least {min}" : $"an integer from {min} to {max}");

    public static IReadOnlyList<int> Integers(Value value, int min, int max) => value is Value.List list
        ? [.. list.Items.Select(item => Integer(item, min, max))]
        : throw Refuse(value, "a list of integers, such as [400, 250, 100]");

    /// <summary>Converts true, false, 1 and 0.</summary>
    public static bool Boolean(Value value) => value switch
    {
        Value.Boolean boolean => boolean.Content,
        Value.Integer { Content: 0 or 1 } bit => bit.Content == 1,
        _ => throw Refuse(value, "true or false"),
    };

    /// <summary>Returns the name to which a text refers: in any case, with <c>-</c> or blanks for <c>_</c>, or by a synonym.</summary>
    public static string Word(Value value, IReadOnlyList<string> names, IReadOnlyDictionary<string, string>? synonyms = null)
    {
        if (value is not Value.Text text)
            throw Refuse(value, $"one of: {string.Join(", ", names)}");
        var word = NetworkVocabulary.Normalize(text.Content);
        if (names.Contains(word))
            return word;
        if (synonyms is not null && synonyms.TryGetValue(word, out var meant) && names.Contains(meant))
            return meant;
        throw new ConfigurationException($"cannot be '{text.Content}'. {DidYouMean.Hint(word, names)}");
    }

    private static ConfigurationException Refuse(Value value, string expected) => new(
        $"cannot be {(value is Value.Text ? $"the text '{value}'" : value)}. Expected {expected}.");
}
