namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// Synchronous successive halving (Jamieson, Talwalkar 2016) and Hyperband (Li et al. 2017, algorithm 1; search-semantics 7): brackets are
/// opened in turn; a free slot serves the first that lacks runs or has promoted runs waiting. The result of a bracket depends neither on
/// the number of slots nor on their speed.
/// </summary>
internal sealed class Halving : IPolicy
{
    private readonly Objective objective;
    private readonly string rule;
    private readonly int eta;
    private readonly (int Size, int[] Levels)[] kinds;
    private readonly List<Bracket> brackets = [];
    private int firstLive;

    private Halving(string rule, int first, int last, int eta, bool allBrackets, Objective objective)
    {
        (this.rule, this.eta, this.objective) = (rule, eta, objective);
        var most = EarlyStopping.Rungs.Exponent(last / first, eta);
        kinds = [.. Enumerable.Range(0, allBrackets ? most + 1 : 1).Select(i => (
            EarlyStopping.Rungs.BracketSize(most, eta, most - i), EarlyStopping.Rungs.Levels(first, last, eta, most - i)))];
    }

    /// <summary>The most aggressive bracket again and again.</summary>
    public Halving(EarlyTermination.SuccessiveHalving spec, Objective objective)
        : this(spec.Type, spec.MinIter, spec.MaxIter, spec.Eta, allBrackets: false, objective) { }

    /// <summary>Brackets s_max, s_max − 1, … 0, then from the start.</summary>
    public Halving(EarlyTermination.HyperbandBrackets spec, Objective objective)
        : this(spec.Type, spec.MinIter, spec.MaxIter, spec.Eta, allBrackets: true, objective) { }

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
            rule, epoch, run.Bracket, arrived.Rank(value, run.Number) + 1, arrived.Count + 1, objective.AsReported(value), null,
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

    public IEnumerable<RungView> View() => brackets.SelectMany((bracket, index) => bracket.Ladder.View(index));

    public void Created(SweepRun run)
    {
        while (brackets.Count <= run.Bracket)
        {
            var (size, levels) = kinds[brackets.Count % kinds.Length];
            brackets.Add(new Bracket(size, levels, eta));
        }
        brackets[run.Bracket].AddRun();
    }

    public void Recorded(SweepRun run, int epoch, double value) => brackets[run.Bracket].Add(run, epoch, value);

    public void Promoted(SweepRun run) => brackets[run.Bracket].GoOn(run);

    public void Ended(SweepRun run) => brackets[run.Bracket].End(run);

    private Reason Explain(int index, int level, RankedValue entry, string detail)
    {
        var (bracket, rung) = (brackets[index], brackets[index].Ladder[level]);
        return new Reason(
            rule, bracket.Levels[level], index, entry.Rank + 1, rung.Count, objective.AsReported(entry.Value),
            objective.AsReported(rung[Math.Min(bracket.Quota(level), rung.Count) - 1].Value), $"{detail}: {bracket.Quota(level)} of {rung.Count} go on");
    }
}
