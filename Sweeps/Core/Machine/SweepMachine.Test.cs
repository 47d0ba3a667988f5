namespace Sweeps.Core;

public sealed partial class SweepMachine
{
    /// <summary>
    /// Who evaluates the best weights on the test part, as last heard. Only in memory: a machine that does not know hands the work out again,
    /// and the first answer is recorded.
    /// </summary>
    private (string Node, int Run, int Generation, DateTimeOffset At)? testing;

    private int failedTests;

    /// <summary>Whether a node may go on evaluating what it says. Renews its claim.</summary>
    private bool Tests(string node, RunLease lease)
    {
        if (State.Untested is not { } run || run.Number != lease.Run || run.Generation != lease.Generation)
            return false;
        if (Tester(run) is { } other && other != node)
            return false;
        testing = (node, run.Number, run.Generation, now);
        return true;
    }

    /// <summary>The evaluation, when it is due and no other node is at it. A node that does not mention it never got it, and gets it again.</summary>
    private Assignment? NextTest(RequestWork request)
    {
        if (State.Untested is not { } run || request.Running.Any(lease => lease.Test) || (Tester(run) is { } tester && tester != request.Node))
            return null;
        testing = (request.Node, run.Number, run.Generation, now);
        return new Assignment(run.Number, run.Generation, run.Configuration, run.Seed, run.Epoch, run.BestEpoch, [], Test: true);
    }

    /// <summary>The node that evaluates this run's best weights, unless it has been silent for the lease time.</summary>
    private string? Tester(SweepRun run) =>
        testing is var (node, number, generation, at) && number == run.Number && generation == run.Generation && now - at <= options.Lease ? node : null;

    /// <summary>A failure is tried again on any node, until it is recorded as the answer.</summary>
    private Acknowledged Test(RecordTest command)
    {
        if (State.Untested is not { } run || run.Number != command.Run || run.BestEpoch != command.Epoch)
            return Acknowledged.Instance;
        testing = null;
        if (command.Error is not null && ++failedTests < options.MaxFailures)
            return Acknowledged.Instance;
        failedTests = 0;
        Emit(new TestEvaluated(command.Run, command.Epoch, command.Metrics, command.Error));
        return Acknowledged.Instance;
    }
}
