namespace Sweeps.Core.Rules;

/// <summary>
/// The synchronous rules that a sweep has had: a bracket keeps the one under which it was opened when the sweep file changes. Asynchronous
/// rungs need no history: they are recomputed from the learning curves.
/// </summary>
internal sealed class BracketHistory
{
    private readonly List<(int FirstBracket, SuccessiveHalvingSpec Rule)> rules = [];

    /// <summary>The plan of a bracket. Throws <see cref="InvalidOperationException"/> where no rule was in force for it.</summary>
    public BracketPlan PlanOf(int bracket)
    {
        var (firstBracket, rule) = rules.Last(rule => rule.FirstBracket <= bracket);
        var turn = rule.Plan(rule.MaxIter).Brackets;
        return turn[(bracket - firstBracket) % turn.Count];
    }

    /// <summary>Brackets from <paramref name="firstBracket"/> on are opened under the rule, if it is a synchronous one.</summary>
    public void Use(SuccessiveHalvingSpec? rule, int firstBracket)
    {
        if (rule is null || (rules.Count > 0 && rules[^1].Rule == rule))
            return;
        rules.RemoveAll(earlier => earlier.FirstBracket >= firstBracket);
        rules.Add((firstBracket, rule));
    }

    public void Write(StateWriter writer)
    {
        writer.Number(rules.Count);
        foreach (var (firstBracket, rule) in rules)
        {
            writer.Number(firstBracket);
            writer.Flag(rule.AllBrackets);
            writer.Number(rule.MinIter);
            writer.Number(rule.MaxIter);
            writer.Number(rule.Eta);
        }
    }

    public void Read(StateReader reader)
    {
        for (var left = reader.Int(); left > 0; left--)
        {
            var (firstBracket, all) = (reader.Int(), reader.Flag());
            rules.Add((firstBracket, new SuccessiveHalvingSpec(reader.Int(), reader.Int(), reader.Int(), all)));
        }
    }
}
