using System.Collections;
using Sweeps.Core.Search;

namespace Sweeps.Core;

/// <summary>The history of a state, for a search. Observations are created on demand and cached until their run changes.</summary>
internal sealed class History(SweepState state) : IHistory, IReadOnlyList<Observation>
{
    private readonly List<(int Epoch, RunState State, Observation Observation)> cache = [];

    public IReadOnlyList<Observation> Observations => this;

    public int Count => state.SearchedRuns.Count;

    public Observation this[int index]
    {
        get
        {
            var run = state.SearchedRuns[index];
            while (cache.Count <= index)
                cache.Add(default);
            if (cache[index] is { Observation: { } observation } cached && cached.Epoch == run.Epoch && cached.State == run.State)
                return observation;
            observation = Observe(run);
            cache[index] = (run.Epoch, run.State, observation);
            return observation;
        }
    }

    public IEnumerator<Observation> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Observation Observe(SweepRun run)
    {
        var (kind, value) = run.State switch
        {
            RunState.Finished => (ObservationKind.Completed, run.Best),
            RunState.Stopped or RunState.Paused => (ObservationKind.Pruned, run.Last),
            RunState.Diverged => (ObservationKind.Pruned, double.PositiveInfinity),
            RunState.Failed => (ObservationKind.Failed, double.NaN),
            _ => (ObservationKind.Running, run.Epoch > 0 ? run.Last : double.NaN),
        };
        var rungs = new List<RungValue>();
        foreach (var epoch in state.Rules.Ladder.Rungs(run))
            if (epoch <= run.Epoch)
                rungs.Add(new RungValue(epoch, run.ValueAt(epoch)));
        return new Observation(run.Number, run.Configuration, kind, run.Epoch, value, rungs);
    }
}
