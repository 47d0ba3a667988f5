using Sweeps.Core;
using Sweeps.Core.Space;

namespace Sweeps.Page.Columns;

/// <summary>The values of one parameter, one per run: numbers, or indexes into <see cref="Categories"/>.</summary>
internal sealed class ParameterColumn
{
    private readonly List<double> numbers = [];
    private readonly List<string> categories = [];
    private readonly Dictionary<string, int> indexes = [];

    /// <param name="name">The full name.</param>
    /// <param name="domain">The parameter's domain.</param>
    /// <param name="earlier">The number of runs before the parameter was added; they do not have it.</param>
    public ParameterColumn(string name, Domain domain, int earlier)
    {
        (Name, Domain) = (name, domain);
        numbers.AddRange(Enumerable.Repeat(domain is Domain.Range ? double.NaN : 0, earlier));
        Use(domain);
    }

    public string Name { get; }

    public Domain Domain { get; private set; }

    /// <summary>
    /// Whether the values are numbers. A parameter with categories keeps them when a changed sweep file turns it into a range.
    /// </summary>
    public bool Numeric => categories.Count == 0 && Domain is Domain.Range;

    /// <summary>The texts of the categories, in order of first use: those of the sweep file first.</summary>
    public IReadOnlyList<string> Categories => categories;

    /// <summary>The value of each run; for a category its index from 1. A run without the parameter has NaN, or 0 for a category.</summary>
    public IReadOnlyList<double> Values => numbers;

    public void Use(Domain domain)
    {
        if (Numeric && domain is Domain.Categories)
            for (var run = 0; run < numbers.Count; run++)
                numbers[run] = double.IsNaN(numbers[run]) ? 0 : Category(new Value.Number(numbers[run]).ToString());
        Domain = domain;
        if (domain is Domain.Categories { Values: var values })
            foreach (var value in values)
                Category(value.ToString());
    }

    public void Add(Value? value) => numbers.Add(Numeric ? value?.AsDouble() ?? double.NaN : value is null ? 0 : Category(value.ToString()));

    private double Category(string text)
    {
        if (!indexes.TryGetValue(text, out var index))
        {
            categories.Add(text);
            indexes[text] = index = categories.Count;
        }
        return index;
    }
}
