namespace Sweeps.Core.EarlyStopping;

/// <summary>
/// All rules of a sweep as one: the ladder, if there is one, decides about work; every rule may stop a run, the first that does is named.
/// </summary>
internal sealed class Policies : IPolicy
{
    private readonly IPolicy ladder;
    private readonly IReadOnlyList<IPolicy> all;

    private Policies(IPolicy ladder, IReadOnlyList<IPolicy> all) => (this.ladder, this.all) = (ladder, all);

    /// <summary>The rules of a sweep file; <paramref name="history"/>: the synchronous ladders it has had, this one included.</summary>
    public static Policies Of(SweepSpec spec, LadderHistory history)
    {
        var ladder = spec.EarlyTermination.FirstOrDefault(rule => rule.Ladder) is { } first
            ? Create(first, spec, history)
            : new NoEarlyStopping();
        var others = spec.EarlyTermination.Where(rule => !rule.Ladder).Select(rule => Create(rule, spec, history));
        return new Policies(ladder, [ladder, .. others]);
    }

    public IReadOnlyList<int> Rungs(SweepRun run) => ladder.Rungs(run);

    public int Until(SweepRun run) => ladder.Until(run);

    public Judgement OnReport(SweepRun run, int epoch, double value)
    {
        var answer = Judgement.Continue;
        foreach (var policy in all)
        {
            var judgement = policy.OnReport(run, epoch, value);
            if (judgement.Verdict == Verdict.Stop)
                return judgement;
            if (judgement.Verdict == Verdict.Pause || answer.Reason is null)
                answer = judgement;
        }
        return answer;
    }

    public Job? NextJob(bool mayStart) => ladder.NextJob(mayStart);

    public IReadOnlyList<GivenUp> GiveUp(bool mayStart, Func<int> lowestActive) => ladder.GiveUp(mayStart, lowestActive);

    public bool CanResume(SweepRun run) => ladder.CanResume(run);

    public int? Standing(SweepRun run) => ladder.Standing(run);

    public IEnumerable<RungView> View() => ladder.View();

    public void Created(SweepRun run)
    {
        foreach (var policy in all)
            policy.Created(run);
    }

    public void Recorded(SweepRun run, int epoch, double value)
    {
        foreach (var policy in all)
            policy.Recorded(run, epoch, value);
    }

    public void Promoted(SweepRun run)
    {
        foreach (var policy in all)
            policy.Promoted(run);
    }

    public void Ended(SweepRun run)
    {
        foreach (var policy in all)
            policy.Ended(run);
    }

    private static IPolicy Create(EarlyTermination rule, SweepSpec spec, LadderHistory history) => rule switch
    {
        EarlyTermination.Asha asha => new AshaPromotion(asha, spec.Objective),
        EarlyTermination.AshaStopping stopping => new AshaStopping(stopping, spec.Objective),
        EarlyTermination.WandbHyperband bands => new WandbBands(bands, spec.Objective, spec.MaxEpochs),
        EarlyTermination.SuccessiveHalving or EarlyTermination.HyperbandBrackets => new Halving(rule, history, spec.Objective),
        EarlyTermination.Median median => new MedianStopping(median, spec.Objective),
        EarlyTermination.Patience patience => new PatienceStopping(patience, spec.Objective),
        _ => throw new NotSupportedException($"There is no policy for early termination of type '{rule.Type}'."),
    };

    private sealed class NoEarlyStopping : IPolicy;
}
