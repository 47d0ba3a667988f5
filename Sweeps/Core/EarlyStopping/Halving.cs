namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// Synchronous successive halving (Jamieson, Talwalkar 2016) and Hyperband (Li et al. 2017, algorithm 1; search-semantics 7): brackets are
/// opened in turn; a free slot serves the first that lacks runs or has promoted runs waiting. The result of a bracket depends neither on
/// the number of slots nor on their speed.
/// </summary>
internal sealed class Halving(EarlyTermination rule, LadderHistory history, Objective objective) : IPolicy
{
    private readonly List<Bracket> brackets = [];
    private int firstLive;

    public IReadOnlyList<int> Rungs(SweepRun run) => brackets[run.Bracket].Ladder.Epochs;

    public int Until(SweepRun run)
    {
        var bracket = brackets[run.Bracket];
        return bracket.Ladder.Next(run.Epoch) is { } level ? Math.Min(bracket.Levels[level], run.MaxEpochs) : run.MaxEpochs;
    }

    public Judgement OnReport(SweepRun run, int epoch, double value)
    {
        var bracket = brackets[run.Bracket];
        if (bracket.Ladder.At(epoch) is not { } level)
            return Judgement.Continue;
        var arrived = bracket.Ladder[level];
        return new Judgement(Verdict.Pause, new Reason(
            rule.Type, epoch, run.Bracket, arrived.Rank(value, run.Number) + 1, arrived.Count + 1, objective.AsReported(value), null,
            "waits until all runs of its bracket have arrived"));
    }

    public Job? NextJob(bool mayStart)
    {
        for (var index = firstLive; index < brackets.Count; index++)
        {
            var bracket = brackets[index];
            if (bracket.Lacks && mayStart)
                return Job.Start(index);
            for (var level = bracket.CompleteLevels(mayStart) - 1; level >= 0; level--)
                if (bracket.Waiting(level) is { } best)
                    return new Job(best.Run, index, Explain(index, level, best, "goes on"));
        }
        return mayStart ? Job.Start(brackets.Count) : null;
    }

    public IReadOnlyList<GivenUp> GiveUp(bool mayStart, Func<int> lowestActive)
    {
        List<GivenUp>? givenUp = null;
        for (var index = firstLive; index < brackets.Count; index++)
        {
            var bracket = brackets[index];
            var complete = bracket.CompleteLevels(mayStart);
            for (var level = 0; level < complete; level++)
                foreach (var loser in bracket.Losers(level))
                    (givenUp ??= []).Add(new GivenUp(loser.Run, Explain(index, level, loser, "the others were better")));
            if (index == firstLive && complete == bracket.Ladder.Epochs.Count && !(bracket.Lacks && mayStart) && bracket.Ladder.Open == 0)
                firstLive++;
        }
        return givenUp ?? (IReadOnlyList<GivenUp>)[];
    }

    public int? Standing(SweepRun run) => brackets[run.Bracket].Ladder.At(run.Epoch) is null ? null : run.Epoch;

    public IEnumerable<RungView> View() => brackets.SelectMany((bracket, index) => bracket.Ladder.View(index));

    public void Created(SweepRun run)
    {
        while (brackets.Count <= run.Bracket)
            brackets.Add(Open(brackets.Count));
        brackets[run.Bracket].AddRun();
    }

    public void Recorded(SweepRun run, int epoch, double value) => brackets[run.Bracket].Add(run, epoch, value);

    public void Promoted(SweepRun run) => brackets[run.Bracket].GoOn(run);

    public void Ended(SweepRun run) => brackets[run.Bracket].End(run);

    public bool CanResume(SweepRun run) => run.Until <= run.Epoch;

    /// <summary>The bracket of an index: s_max again and again, or s_max, s_max − 1, … 0 in turn, under the ladder of its time.</summary>
    private Bracket Open(int index)
    {
        var (firstBracket, ladder) = history.Ladders.Last(ladder => ladder.FirstBracket <= index);
        var (first, last, eta) = ladder.Geometry!.Value;
        var most = EarlyStopping.Rungs.Exponent(last / first, eta);
        var s = ladder is EarlyTermination.HyperbandBrackets ? most - ((index - firstBracket) % (most + 1)) : most;
        return new Bracket(EarlyStopping.Rungs.BracketSize(most, eta, s), EarlyStopping.Rungs.Levels(first, last, eta, s), eta);
    }

    private Reason Explain(int index, int level, RankedValue entry, string detail)
    {
        var (bracket, rung) = (brackets[index], brackets[index].Ladder[level]);
        return new Reason(
            rule.Type, bracket.Levels[level], index, entry.Rank + 1, rung.Count, objective.AsReported(entry.Value),
            objective.AsReported(rung[Math.Min(bracket.Quota(level), rung.Count) - 1].Value), detail);
    }
}
