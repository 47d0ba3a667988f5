using Sweeps.Core;
using Sweeps.Core.Space;

namespace Core.Tests.Support;

/// <summary>Makes parameters, spaces and constraints from .NET values.</summary>
internal static class Parameters
{
    private static readonly Dictionary<string, IReadOnlyList<Value>> always = [];

    public static SearchSpace SpaceOf(params IEnumerable<Parameter> parameters) =>
        new([.. parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)]);

    public static Parameter Real(string name) => new(name, new Uniform(0, 1), always);

    public static Parameter Integer(string name, int min, int max) => new(name, new IntUniform(min, max), always);

    public static Parameter Choice(string name, params object[] values) => new(name, new Categorical([.. values.Select(Point.Typed)]), always);

    /// <summary>The parameter, active only where <paramref name="parent"/> has one of <paramref name="values"/>.</summary>
    public static Parameter When(this Parameter parameter, string parent, params object[] values) =>
        parameter with { When = new Dictionary<string, IReadOnlyList<Value>>(parameter.When) { [parent] = [.. values.Select(Point.Typed)] } };

    public static Expression Name(string parameter) => new Expression.Name(parameter);

    public static Constraint Compare(Expression left, Comparison comparison, object right) =>
        new("a constraint", new Expression.Compare(comparison, left, new Expression.Literal(Point.Typed(right))));
}
