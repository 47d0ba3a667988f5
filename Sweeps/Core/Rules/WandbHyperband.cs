using System.Globalization;

namespace Sweeps.Core.Rules;

/// <summary>
/// W&amp;B's <c>hyperband</c> (docs/rules.md 5): one bracket, bands from <paramref name="MinIter"/>, or from <paramref name="MaxIter"/> and
/// <paramref name="S"/>.
/// </summary>
/// <param name="MinIter">The first band; null when <paramref name="MaxIter"/> and <paramref name="S"/> define the bands.</param>
/// <param name="MaxIter">
/// With <paramref name="S"/>: the epoch that is divided into bands. Without: all bands are below it; null for no limit.
/// </param>
/// <param name="S">The number of bands, or null.</param>
/// <param name="Eta">The ratio between bands, at least 1.0001; may be fractional.</param>
/// <param name="Strict">Whether the value at the band is compared; otherwise the best value so far.</param>
internal sealed record WandbHyperbandSpec(int? MinIter, int? MaxIter, int? S, double Eta, bool Strict) : RuleSpec
{
    private const string Name = "hyperband";

    /// <summary>The smallest ratio between bands. With a ratio nearer to 1 the bands up to the last epoch would be more than can be computed.</summary>
    private const double MinEta = 1.0001;

    public static RuleDescriptor Descriptor { get; } = new(Read, Name);

    public override string Type => Name;

    public override int? DefaultEpochs => MaxIter;

    public override string Describe(int maxEpochs) => Plan(maxEpochs).Rungs.Count == 0 ? "no band: it stops no run" : string.Create(CultureInfo.InvariantCulture,
        $"bands at epochs {Plan(maxEpochs).List(MaxIter ?? maxEpochs)}; about the best 1 in {Eta} of each goes on{(Strict ? "" : ", by the best value so far")}");

    public override RungPlan Plan(int maxEpochs) => S is { } count && MaxIter is { } last
        ? RungPlan.BandsBelow(last, count, Eta)
        : RungPlan.Bands(MinIter ?? 1, Eta, Math.Min(MaxIter ?? double.PositiveInfinity, maxEpochs + 1.0));

    public override IStoppingRule Create(RuleContext context) => new WandbHyperband(this, context);

    private static WandbHyperbandSpec Read(IRuleSection section)
    {
        var min = section.TakeEpochs("min_iter");
        var max = section.TakeEpochs("max_iter");
        var bands = (int?)section.TakeInteger("s", 1, 100);
        var eta = section.TakeNumber("eta", eta => eta >= MinEta, string.Create(CultureInfo.InvariantCulture, $"a number of at least {MinEta}")) ?? 3;
        var strict = section.TakeBoolean("strict") ?? true;
        if (!section.Has("min_iter") && !(section.Has("max_iter") && section.Has("s")))
            section.Mistake(null, "'hyperband' needs 'min_iter' (the first band), or 'max_iter' together with 's' (the number of bands).");
        else if (bands is not null && !section.Has("max_iter"))
        {
            section.Warn("s", "'s' has no effect beside 'min_iter', at W&B too: it counts the bands below 'max_iter', which is missing.");
            bands = null;
        }
        else if (min is not null && bands is not null)
        {
            section.Warn("min_iter", "'min_iter' has no effect beside 'max_iter' and 's'.");
            min = null;
        }
        if (max is { } last && bands is { } count && RungPlan.BandsBelow(last, count, eta).Rungs.Count == 0)
            section.Warn("max_iter", string.Create(CultureInfo.InvariantCulture, $"There is no band, so that no run is stopped: {last} divided by an eta of {eta} is below one epoch. Raise 'max_iter'."));
        return new WandbHyperbandSpec(min, max, bands, eta, strict);
    }
}

/// <summary>
/// Compares each reported value with the threshold of the largest band that the run has reached, sorted(values at the band)[⌊n/eta⌋]. Bands
/// count finite values, not epochs.
/// </summary>
internal sealed class WandbHyperband(WandbHyperbandSpec spec, RuleContext context) : ILadder
{
    private readonly RungTable ladder = new(spec.Plan(context.MaxEpochs).Rungs);

    public IReadOnlyList<int> Rungs(SweepRun run) => ladder.Epochs;

    public RuleDecision OnReport(SweepRun run, int epoch, double value)
    {
        var finite = run.FiniteEpochs + (double.IsFinite(value) ? 1 : 0);
        if (ladder.AtOrBelow(finite) is not { } level)
            return RuleDecision.Continue;
        var band = ladder.Epochs[level];
        var arrives = band == finite && double.IsFinite(value);
        var rung = ladder[level];
        var compared = !spec.Strict ? Math.Min(run.Best, value) : arrives ? value : run.FiniteValue(band);
        var count = rung.Count + (arrives ? 1 : 0);
        var (better, threshold) = (rung.Better(compared), (int)(count / spec.Eta));
        var cutoff = threshold < rung.Count ? rung[threshold].Value : double.PositiveInfinity;
        var objective = context.Objective;
        var reason = new Reason(spec.Type, band, null, better + 1, count, objective.AsReported(compared), objective.AsReported(cutoff));
        return new RuleDecision(better > threshold ? Verdict.Stop : Verdict.Continue, reason);
    }

    public IEnumerable<RungView> View() => ladder.View(0, openWentOn: true);

    public void Ended(SweepRun run) => ladder.CloseStopped(run);

    public void Recorded(SweepRun run, int epoch, double value)
    {
        if (double.IsFinite(value))
            ladder.Add(run, run.FiniteEpochsUpTo(epoch), value, open: true);
    }
}
