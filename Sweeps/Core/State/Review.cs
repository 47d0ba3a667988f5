namespace Sweeps.Core;

/// <summary>A review of the ended search (<see cref="ReviewStarted"/>).</summary>
/// <param name="Runs">The confirmed runs, best first, or the audited ones.</param>
/// <param name="Seeds">The largest number of seeds per confirmed run; 0 for an audit.</param>
/// <param name="Outcome">The outcome of the search.</param>
/// <param name="Reason">The reason of the search's end.</param>
/// <param name="Best">The best value before the review, oriented.</param>
/// <param name="From">The epoch at which each audited run was stopped; empty for a confirmation.</param>
public sealed record Review(
    IReadOnlyList<int> Runs, int Seeds, SweepOutcome Outcome, Reason Reason, double Best, IReadOnlyList<int> From)
{
    /// <summary>Whether the review is running.</summary>
    public bool Active { get; init; } = true;

    internal static void Write(StateWriter writer, Review? review)
    {
        writer.Flag(review is not null);
        if (review is null)
            return;
        writer.Number(review.Runs.Count);
        foreach (var run in review.Runs)
            writer.Number(run);
        writer.Number(review.Seeds);
        writer.Number((int)review.Outcome);
        writer.Reason(review.Reason);
        writer.Double(review.Best);
        writer.Number(review.From.Count);
        foreach (var epoch in review.From)
            writer.Number(epoch);
        writer.Flag(review.Active);
    }

    internal static Review? Read(StateReader reader)
    {
        if (!reader.Flag())
            return null;
        var (runs, seeds, outcome, reason, best) = (Numbers(), reader.Int(), (SweepOutcome)reader.Int(), reader.Reason()!, reader.Double());
        return new Review(runs, seeds, outcome, reason, best, Numbers()) { Active = reader.Flag() };

        int[] Numbers()
        {
            var numbers = new int[reader.Count()];
            foreach (ref var number in numbers.AsSpan())
                number = reader.Int();
            return numbers;
        }
    }
}
