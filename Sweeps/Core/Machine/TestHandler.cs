namespace Sweeps.Core;

/// <summary>Handles the evaluation of an ended sweep's best weights on the test part.</summary>
internal sealed class TestHandler(MachineContext context)
{
    /// <summary>
    /// The node that evaluates the best weights, and its last heartbeat. In memory only: a machine that does not know the node assigns the
    /// evaluation again, and the first result is recorded.
    /// </summary>
    private (string Node, int Run, int Generation, DateTimeOffset At)? evaluation;

    private int failures;

    private SweepState State => context.State;

    /// <summary>Whether a node may continue the evaluation that it reports. Renews its lease.</summary>
    public bool Renew(string node, RunLease lease)
    {
        if (State.Untested is not { } run || run.Number != lease.Run || run.Generation != lease.Generation)
            return false;
        if (NodeOf(run) is { } other && other != node)
            return false;
        evaluation = (node, run.Number, run.Generation, context.Now);
        return true;
    }

    /// <summary>
    /// The evaluation, when it is due and no other node has it. A node that has it but does not report it did not receive the assignment, and
    /// gets it again.
    /// </summary>
    public Assignment? Assign(RequestWork request)
    {
        if (State.Untested is not { } run || request.Running.Any(lease => lease.Test) || (NodeOf(run) is { } node && node != request.Node))
            return null;
        evaluation = (request.Node, run.Number, run.Generation, context.Now);
        return new Assignment(run.Number, run.Generation, run.Configuration, run.Seed, run.Epoch, run.BestEpoch, [], Test: true);
    }

    /// <summary>Records the result. A failed evaluation is assigned again until the last attempt, whose error is the result.</summary>
    public void Decide(RecordTest command)
    {
        if (State.Untested is not { } run || run.Number != command.Run || run.BestEpoch != command.Epoch)
            return;
        evaluation = null;
        if (command.Error is not null && ++failures < context.Options.MaxFailures)
            return;
        failures = 0;
        context.Emit(new TestEvaluated(command.Run, command.Epoch, command.Metrics, command.Error));
    }

    /// <summary>Takes the evaluation from a dead node.</summary>
    public void Forget(string node)
    {
        if (evaluation?.Node == node)
            evaluation = null;
    }

    /// <summary>The node that evaluates the run's best weights, or null after a lease time without its heartbeat.</summary>
    private string? NodeOf(SweepRun run) =>
        evaluation is var (node, number, generation, at) && number == run.Number && generation == run.Generation
        && context.Now - at <= context.Options.Lease
            ? node
            : null;
}
