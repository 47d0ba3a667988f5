using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Training.Functions;

namespace Benchmarks;

/// <summary>A search on a closed-form function at full fidelity, without a sweep.</summary>
internal sealed class Study(ClosedForm function, ISearch search) : IHistory
{
    private readonly List<Observation> observations = [];

    public IReadOnlyList<Observation> Observations => observations;

    /// <summary>
    /// Continues to <paramref name="count"/> evaluations, with <paramref name="batch"/> proposals at a time, and returns the simple regret.
    /// </summary>
    public double Evaluate(int count, int batch)
    {
        while (observations.Count < count)
        {
            var first = observations.Count;
            for (var run = first; run < Math.Min(count, first + batch); run++)
                observations.Add(new Observation(run, search.Propose(run, 0, this)!.Configuration, ObservationKind.Running, 0, double.NaN, []));
            for (var run = first; run < observations.Count; run++)
            {
                var value = function.Value(observations[run].Configuration, FidelityLevel.Full, 0);
                observations[run] = observations[run] with
                {
                    Kind = ObservationKind.Completed, Epoch = 1, Value = function.Goal == Goal.Maximize ? -value : value,
                };
            }
        }
        var best = observations.Min(observation => observation.Value);
        return function.Regret(function.Goal == Goal.Maximize ? -best : best);
    }
}
