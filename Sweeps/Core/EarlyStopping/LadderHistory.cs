namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// The synchronous ladders a sweep has had: brackets keep the one under which they were opened when the sweep file changes
/// (asynchronous rungs need no such memory: they are recomputed from the curves).
/// </summary>
internal sealed class LadderHistory
{
    private readonly List<(int FirstBracket, EarlyTermination Rule)> ladders = [];

    /// <summary>The ladders with the first bracket of each, ascending; empty when no ladder was synchronous.</summary>
    public IReadOnlyList<(int FirstBracket, EarlyTermination Rule)> Ladders => ladders;

    /// <summary>Whether the rule opens brackets.</summary>
    public static bool Synchronous(EarlyTermination? rule) =>
        rule is EarlyTermination.SuccessiveHalving or EarlyTermination.HyperbandBrackets;

    /// <summary>Brackets from <paramref name="firstBracket"/> on are opened under the rule.</summary>
    public void Use(EarlyTermination? rule, int firstBracket)
    {
        if (rule is null || !Synchronous(rule) || (ladders.Count > 0 && ladders[^1].Rule == rule))
            return;
        ladders.RemoveAll(ladder => ladder.FirstBracket >= firstBracket);
        ladders.Add((firstBracket, rule));
    }

    public void Write(StateWriter writer)
    {
        writer.Number(ladders.Count);
        foreach (var (firstBracket, rule) in ladders)
        {
            var (first, last, eta) = rule.Geometry!.Value;
            writer.Number(firstBracket);
            writer.Flag(rule is EarlyTermination.HyperbandBrackets);
            writer.Number(first);
            writer.Number(last);
            writer.Number(eta);
        }
    }

    public void Read(StateReader reader)
    {
        for (var left = reader.Int(); left > 0; left--)
        {
            var (firstBracket, all, first, last, eta) = (reader.Int(), reader.Flag(), reader.Int(), reader.Int(), reader.Int());
            EarlyTermination rule = all
                ? new EarlyTermination.HyperbandBrackets(first, last, eta)
                : new EarlyTermination.SuccessiveHalving(first, last, eta);
            ladders.Add((firstBracket, rule));
        }
    }
}
