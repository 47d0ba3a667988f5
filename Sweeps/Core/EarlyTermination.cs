namespace Sweeps.Core;

/// <summary>A rule that ends runs before their last epoch (search-semantics 4–8). Epochs count from 1.</summary>
public abstract record EarlyTermination
{
    private EarlyTermination() { }

    /// <summary>The type in a sweep file: <c>asha</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Whether runs are compared at the rungs of a ladder; a sweep has at most one such rule.</summary>
    public virtual bool Ladder => true;

    /// <summary>r, R and η of rungs that grow by η; null for a rule without them.</summary>
    public virtual (int First, int Last, int Eta)? Geometry => null;

    /// <summary>ASHA by promotion: the paper's algorithm (Li et al. 2018). Nobody is stopped, runs wait at rungs.</summary>
    /// <param name="MinIter">The first rung r, at least 1.</param>
    /// <param name="MaxIter">The last epoch R of a run.</param>
    /// <param name="Eta">One of so many goes on, at least 2.</param>
    public sealed record Asha(int MinIter, int MaxIter, int Eta) : EarlyTermination
    {
        /// <inheritdoc/>
        public override string Type => "asha";

        /// <inheritdoc/>
        public override (int First, int Last, int Eta)? Geometry => (MinIter, MaxIter, Eta);
    }

    /// <summary>ASHA by stopping: a run is compared when it reaches a rung, then goes on or is stopped for good.</summary>
    /// <param name="MinIter">The first rung r, at least 1.</param>
    /// <param name="MaxIter">The last epoch R of a run.</param>
    /// <param name="Eta">About one of so many goes on, at least 2.</param>
    /// <param name="Rule">Whose comparison.</param>
    public sealed record AshaStopping(int MinIter, int MaxIter, int Eta, AshaStoppingRule Rule) : EarlyTermination
    {
        /// <inheritdoc/>
        public override string Type => "asha_stopping";

        /// <inheritdoc/>
        public override (int First, int Last, int Eta)? Geometry => (MinIter, MaxIter, Eta);
    }

    /// <summary>
    /// W&amp;B's <c>hyperband</c>: one bracket, bands from <paramref name="MinIter"/>, or from <paramref name="MaxIter"/> and
    /// <paramref name="S"/>.
    /// </summary>
    /// <param name="MinIter">The first band, or null when the bands come from <paramref name="MaxIter"/> and <paramref name="S"/>.</param>
    /// <param name="MaxIter">
    /// With <paramref name="S"/>: the epoch the bands divide. Without: bands stay below it; null for no limit.
    /// </param>
    /// <param name="S">The number of bands, or null.</param>
    /// <param name="Eta">Above 1, may be fractional.</param>
    /// <param name="Strict">Compare the value at the band (true), or the best so far (false).</param>
    public sealed record WandbHyperband(int? MinIter, int? MaxIter, int? S, double Eta, bool Strict) : EarlyTermination
    {
        /// <inheritdoc/>
        public override string Type => "hyperband";
    }

    /// <summary>Synchronous successive halving: the most aggressive bracket again and again.</summary>
    /// <param name="MinIter">The least epochs r, at least 1.</param>
    /// <param name="MaxIter">The last epoch R of a run.</param>
    /// <param name="Eta">One of so many goes on, at least 2.</param>
    public sealed record SuccessiveHalving(int MinIter, int MaxIter, int Eta) : EarlyTermination
    {
        /// <inheritdoc/>
        public override string Type => "successive_halving";

        /// <inheritdoc/>
        public override (int First, int Last, int Eta)? Geometry => (MinIter, MaxIter, Eta);
    }

    /// <summary>Synchronous Hyperband over all brackets (Li et al. 2017).</summary>
    /// <param name="MinIter">The least epochs r, at least 1.</param>
    /// <param name="MaxIter">The last epoch R of a run.</param>
    /// <param name="Eta">One of so many goes on, at least 2.</param>
    public sealed record HyperbandBrackets(int MinIter, int MaxIter, int Eta) : EarlyTermination
    {
        /// <inheritdoc/>
        public override string Type => "hyperband_brackets";

        /// <inheritdoc/>
        public override (int First, int Last, int Eta)? Geometry => (MinIter, MaxIter, Eta);
    }

    /// <summary>Median stopping (Golovin et al. 2017) against the runs that completed.</summary>
    /// <param name="MinIter">The first epoch at which it applies.</param>
    /// <param name="MinRuns">The completed runs it needs.</param>
    public sealed record Median(int MinIter, int MinRuns) : EarlyTermination
    {
        /// <inheritdoc/>
        public override string Type => "median";

        /// <inheritdoc/>
        public override bool Ladder => false;
    }

    /// <summary>Patience: a run ends when its last <paramref name="Epochs"/> + 1 values are all worse than its best before them.</summary>
    /// <param name="Epochs">p, at least 1.</param>
    /// <param name="Tolerance">δ ≥ 0: how much worse they may be.</param>
    public sealed record Patience(int Epochs, double Tolerance) : EarlyTermination
    {
        /// <inheritdoc/>
        public override string Type => "patience";

        /// <inheritdoc/>
        public override bool Ladder => false;
    }
}

/// <summary>Whose comparison ASHA by stopping makes (search-semantics 5).</summary>
public enum AshaStoppingRule
{
    /// <summary>Go on if b &lt; max(⌊n/η⌋, 1).</summary>
    Optuna = 0,

    /// <summary>Go on if the value is within the 1/η quantile of the others.</summary>
    Ray = 1,

    /// <summary>Go on if b ≤ ⌊n/η⌋.</summary>
    Wandb = 2,
}
