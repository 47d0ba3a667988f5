namespace Sweeps.Core.Space;

/// <summary>All parameters of a sweep, sorted by full name by code point.</summary>
public sealed record SearchSpace(IReadOnlyList<Parameter> Parameters)
{
    /// <summary>
    /// The parameters with every parent before its children, otherwise by name, compared level by level: the order of a grid's digits. Throws
    /// <see cref="ArgumentException"/> when conditions form a cycle or name an unknown parameter.
    /// </summary>
    public IReadOnlyList<Parameter> ParentsFirst { get; } = Order(Parameters);

    /// <summary>The parameter with this full name, or null.</summary>
    public Parameter? Find(string name) => Parameters.FirstOrDefault(parameter => parameter.Name == name);

    /// <summary>
    /// Builds a configuration in which active parameters have the values that <paramref name="draw"/> returns and inactive ones are absent.
    /// </summary>
    public Configuration Assemble(Func<Parameter, Value> draw)
    {
        var values = new Dictionary<string, Value>(Parameters.Count);
        foreach (var parameter in ParentsFirst)
            if (parameter.IsActive(values))
                values.Add(parameter.Name, draw(parameter));
        return new Configuration(values);
    }

    private static List<Parameter> Order(IReadOnlyList<Parameter> parameters)
    {
        var waiting = parameters.OrderBy(parameter => parameter.Name, ByLevel.Instance).ToList();
        var placed = new HashSet<string>(parameters.Count);
        var order = new List<Parameter>(parameters.Count);
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(parameter => parameter.When.Keys.All(placed.Contains));
            if (next < 0)
                throw new ArgumentException($"The conditions of '{waiting[0].Name}' form a cycle or name an unknown parameter.", nameof(parameters));
            order.Add(waiting[next]);
            placed.Add(waiting[next].Name);
            waiting.RemoveAt(next);
        }
        return order;
    }

    private sealed class ByLevel : IComparer<string>
    {
        public static ByLevel Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            var (left, right) = (x!.Split('.'), y!.Split('.'));
            for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
                if (string.CompareOrdinal(left[i], right[i]) is not 0 and var order)
                    return order;
            return left.Length - right.Length;
        }
    }
}

/// <summary>A hyperparameter.</summary>
/// <param name="Name">The full dotted name: <c>optimizer.learning_rate</c>.</param>
/// <param name="Distribution">The distribution of its values.</param>
/// <param name="When">
/// Parent's full name → the values of the parent under which this parameter is active; all parents must match. Empty: always active.
/// </param>
public sealed record Parameter(string Name, Distribution Distribution, IReadOnlyDictionary<string, IReadOnlyList<Value>> When)
{
    /// <summary>Whether every parent is present with one of the required values.</summary>
    public bool IsActive(IReadOnlyDictionary<string, Value> values)
    {
        foreach (var (parent, allowed) in When)
            if (!values.TryGetValue(parent, out var value) || !Allows(allowed, value))
                return false;
        return true;
    }

    /// <summary>Whether a parent's value is one of the required values.</summary>
    public static bool Allows(IReadOnlyList<Value> allowed, Value value)
    {
        for (var i = 0; i < allowed.Count; i++)
            if (ValueComparison.Same(allowed[i], value))
                return true;
        return false;
    }
}
