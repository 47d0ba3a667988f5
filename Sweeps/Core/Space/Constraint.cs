namespace Sweeps.Core.Space;

/// <summary>What every configuration of a search fulfils, such as <c>hidden_size &gt;= 64 or epochs &lt;= 5</c>.</summary>
/// <param name="Text">As it stands in the sweep file.</param>
/// <param name="Expression">What it means.</param>
public sealed record Constraint(string Text, Expression Expression)
{
    /// <summary>
    /// Whether a configuration fulfils it. A comparison with an absent parameter is undecided, and a constraint holds unless it is false
    /// (Kleene's logic): a rule about <c>momentum</c> says nothing about a run that has none.
    /// </summary>
    public bool Holds(Configuration configuration) => Expression.Evaluate(configuration) is not Value.Boolean { Content: false };
}
