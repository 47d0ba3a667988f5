using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary><c>constraints</c>: one expression, or a list of expressions that must all hold.</summary>
internal static class ConstraintsSection
{
    private const int Trials = 2_000;

    /// <summary>Reads the constraints. Reports expressions that do not parse; warns if none of 2,000 random configurations satisfies all constraints.</summary>
    public static IReadOnlyList<Constraint> Read(Node node, SearchSpace space, ulong seed, Diagnostics diagnostics)
    {
        var constraints = new List<Constraint>();
        var before = diagnostics.Mistakes.Count;
        foreach (var item in node is ListNode list ? list.Items : [node])
        {
            if (item is not ScalarNode { Text.Length: > 0 } scalar)
            {
                diagnostics.Mistake(item.Location, $"A constraint must be a text such as 'hidden_size >= 64 or epochs <= 5'; received {item.Kind}.");
                continue;
            }
            try
            {
                constraints.Add(new Constraint(scalar.Text, ExpressionParser.Parse(scalar.Text, space)));
            }
            catch (ExpressionException mistake)
            {
                var quote = scalar.Plain ? 0 : 1;
                diagnostics.Mistake(scalar.Location with { Column = scalar.Location.Column + quote + mistake.Position }, mistake.Message);
            }
        }
        if (diagnostics.Mistakes.Count == before && constraints.Count > 0 && !AnySatisfies(constraints, space, seed))
            diagnostics.Warn(node.Location, $"The search may find no configuration: {ConstraintShare.Of(space, constraints, seed).Describe()}.");
        return constraints;
    }

    private static bool AnySatisfies(List<Constraint> constraints, SearchSpace space, ulong seed)
    {
        var sequence = new RandomSequence(seed);
        return Enumerable.Range(0, Trials).Any(n =>
        {
            var configuration = space.Assemble(parameter => parameter.Distribution.Quantile(sequence.Draw(n, 0, parameter)));
            return constraints.TrueForAll(constraint => constraint.Holds(configuration));
        });
    }
}
