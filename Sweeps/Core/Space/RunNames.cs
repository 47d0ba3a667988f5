using System.Globalization;

namespace Sweeps.Core.Space;

/// <summary>
/// Readable names of runs, such as <c>hl_3_bs_16_ac_tanh</c>: an abbreviation and a value for each parameter that is not constant. Abbreviations
/// are unique within a sweep.
/// </summary>
public sealed class RunNames
{
    private const int MaxTextLength = 16;

    // These parameters come first; the others follow in the order of a grid.
    private static readonly string[] Prominent =
        ["hidden_layers", "num_layers", "nhl", "hidden_size", "hidden_sizes", "batch_size", "activation", "optimizer", "learning_rate", "lr"];

    private readonly (string Name, string Abbreviation)[] parts;

    public RunNames(SearchSpace space)
    {
        var taken = new HashSet<string>();
        parts = [.. space.ParentsFirst
            .Where(parameter => parameter.Distribution.Domain is not Domain.Categories { Values.Count: 1 })
            .OrderBy(parameter => Array.IndexOf(Prominent, parameter.Name) is >= 0 and var place ? place : Prominent.Length)
            .Select(parameter => (parameter.Name, Abbreviate(parameter.Name, taken)))];
    }

    /// <summary>The name of a run; <c>run_17</c> when no parameter varies.</summary>
    public string Of(int run, Configuration configuration)
    {
        var present = parts.Where(part => configuration[part.Name] is not null)
            .Select(part => $"{part.Abbreviation}_{Write(configuration[part.Name]!)}");
        var name = string.Join('_', present);
        return name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"run_{run}");
    }

    private static string Abbreviate(string name, HashSet<string> taken) =>
        Candidates(name).First(taken.Add);

    /// <summary>
    /// Candidates for an abbreviation: the initials of the words (for a single word its first two letters and trailing digits), then longer
    /// forms, then the name with a number, because all of these may be abbreviations of other names: <c>lr</c> is one of <c>learning_rate</c>.
    /// </summary>
    private static IEnumerable<string> Candidates(string name)
    {
        var words = name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant().Split(['_', '-'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0)
        {
            var last = words[^1];
            var letters = last.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
            var initials = string.Concat(words.SkipLast(1).Select(word => word[0]));
            for (var length = words.Length == 1 ? 2 : 1; length <= letters.Length; length++)
                yield return initials + letters[..length] + last[letters.Length..];
            yield return string.Concat(words);
        }
        yield return name;
        for (var number = 2; ; number++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{name}{number}");
    }

    private static string Write(Value value) => value switch
    {
        Value.Number { Content: var x } => x.ToString(x != 0 && Math.Abs(x) < 1e-4 ? "0.###e0" : "G4", CultureInfo.InvariantCulture),
        Value.List list => string.Join('-', list.Items.Select(Write)),
        _ => Plain(value.ToString()),
    };

    private static string Plain(string text)
    {
        var kept = string.Concat(text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-'));
        return kept.Length <= MaxTextLength ? kept : kept[..MaxTextLength];
    }
}
