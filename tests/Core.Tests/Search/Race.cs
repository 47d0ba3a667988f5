using Sweeps.Core;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Training.Functions;

namespace Core.Tests.Search;

/// <summary>Runs a search on a closed-form function at full fidelity and keeps its history.</summary>
/// <param name="function">The function.</param>
/// <param name="search">The search.</param>
/// <param name="fails">Whether a configuration fails instead of giving a value; null if none fails.</param>
internal sealed class Race(ClosedForm function, ISearch search, Func<Configuration, bool>? fails = null) : IHistory
{
    private readonly List<Observation> observations = [];

    public IReadOnlyList<Observation> Observations => observations;

    /// <summary>The simple regret after a number of evaluations, with <paramref name="batch"/> proposals at a time.</summary>
    public double Regret(int evaluations, int batch = 1)
    {
        for (var start = observations.Count; start < evaluations; start += batch)
        {
            Ask(Math.Min(batch, evaluations - start));
            for (var run = start; run < observations.Count; run++)
                Finish(run);
        }
        return observations.Where(observation => observation.Kind == ObservationKind.Completed).Min(observation => observation.Value) - Oriented(function.Optimum);
    }

    /// <summary>Requests a number of configurations and marks them as running.</summary>
    public IReadOnlyList<Configuration> Ask(int count)
    {
        var first = observations.Count;
        for (var run = first; run < first + count; run++)
        {
            var proposal = Enumerable.Range(0, 100).Select(attempt => search.Propose(run, attempt, this)!.Configuration)
                .First(configuration => observations.All(observation => !observation.Configuration.Equals(configuration)));
            observations.Add(new Observation(run, proposal, ObservationKind.Running, 0, double.NaN, []));
        }
        return [.. observations.Skip(first).Select(observation => observation.Configuration)];
    }

    /// <summary>The history when a run was requested, while the others of its batch were running.</summary>
    public IHistory Before(int run) => new Known([.. observations.Take(run)]);

    /// <summary>The history as if one run were still running.</summary>
    public IHistory While(int run) => new Known([.. observations.Select(observation =>
        observation.Run == run ? observation with { Kind = ObservationKind.Running, Epoch = 0, Value = double.NaN } : observation)]);

    /// <summary>Finishes every running run.</summary>
    public void Finish()
    {
        for (var run = 0; run < observations.Count; run++)
            Finish(run);
    }

    private void Finish(int run)
    {
        if (fails?.Invoke(observations[run].Configuration) == true)
        {
            observations[run] = observations[run] with { Kind = ObservationKind.Failed };
            return;
        }
        var value = function.Value(observations[run].Configuration, FidelityLevel.Full, 0);
        observations[run] = observations[run] with { Kind = ObservationKind.Completed, Epoch = 1, Value = Oriented(value) };
    }

    private double Oriented(double value) => function.Goal == Goal.Maximize ? -value : value;

    /// <summary>The median over seeds of the simple regret after a number of evaluations.</summary>
    public static double MedianRegret(string function, Func<SearchSpace, ulong, ISearch> method, int evaluations, int seeds, int batch = 1)
    {
        var problem = FunctionRegistry.Get(function);
        var regrets = Enumerable.Range(0, seeds)
            .Select(seed => new Race(problem, method(problem.Space, (ulong)seed)).Regret(evaluations, batch)).Order().ToArray();
        return (regrets[(seeds - 1) / 2] + regrets[seeds / 2]) / 2;
    }

    private sealed record Known(IReadOnlyList<Observation> Observations) : IHistory;
}
