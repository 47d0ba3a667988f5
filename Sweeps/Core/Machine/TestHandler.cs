namespace Sweeps.Core;

/// <summary>Handles the evaluation of runs of an ended sweep on the test part, with the weights of each run's best epoch.</summary>
internal sealed class TestHandler(MachineContext context)
{
    /// <summary>
    /// The nodes that evaluate runs, and their last heartbeats. In memory only: after a restart the machine assigns an evaluation again,
    /// and the first result is recorded.
    /// </summary>
    private readonly Dictionary<int, (string Node, int Generation, DateTimeOffset At)> evaluations = [];

    private readonly Dictionary<int, int> failures = [];

    private SweepState State => context.State;

    /// <summary>Whether a node may continue the evaluation that it reports. Renews its lease.</summary>
    public bool Renew(string node, RunLease lease)
    {
        if (Untested(lease.Run) is not { } run || run.Generation != lease.Generation)
            return false;
        if (NodeOf(run) is { } other && other != node)
            return false;
        evaluations[run.Number] = (node, run.Generation, context.Now);
        return true;
    }

    /// <summary>
    /// Assigns at most <paramref name="most"/> pending evaluations that no other node has. A node that does not report its evaluation has
    /// not received the assignment and gets it again.
    /// </summary>
    public IEnumerable<Assignment> Assign(RequestWork request, int most)
    {
        var due = State.Untested
            .Where(run => !request.Running.Any(lease => lease.Test && lease.Run == run.Number) && (NodeOf(run) is not { } node || node == request.Node));
        foreach (var run in due.Take(most))
        {
            evaluations[run.Number] = (request.Node, run.Generation, context.Now);
            yield return new Assignment(run.Number, run.Generation, run.Configuration, run.Seed, run.Epoch, run.BestEpoch, [], Test: true, Source: State.Spec.SourceOf(run.Configuration));
        }
    }

    /// <summary>Records the result. A failed evaluation is assigned again until the last attempt, whose error is the result.</summary>
    public void Decide(RecordTest command)
    {
        if (Untested(command.Run) is not { } run || run.BestEpoch != command.Epoch)
            return;
        evaluations.Remove(command.Run);
        if (command.Error is not null && (failures[command.Run] = failures.GetValueOrDefault(command.Run) + 1) < context.Options.MaxFailures)
            return;
        failures.Remove(command.Run);
        context.Emit(new TestEvaluated(command.Run, command.Epoch, command.Metrics, command.Error));
    }

    /// <summary>Removes the evaluations of a dead node, so that other nodes get them.</summary>
    public void Forget(string node)
    {
        foreach (var (run, evaluation) in evaluations.ToArray())
            if (evaluation.Node == node)
                evaluations.Remove(run);
    }

    private SweepRun? Untested(int number) => State.Untested.FirstOrDefault(run => run.Number == number);

    /// <summary>The node that evaluates a run's best weights, or null after a lease time without its heartbeat.</summary>
    private string? NodeOf(SweepRun run) =>
        evaluations.TryGetValue(run.Number, out var evaluation) && evaluation.Generation == run.Generation
        && context.Now - evaluation.At <= context.Options.Lease
            ? evaluation.Node
            : null;
}
