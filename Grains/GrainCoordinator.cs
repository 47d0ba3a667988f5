using Grains.Contracts;
using Orleans;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Log;

namespace Grains;

/// <summary>Sends commands to the coordinator grain of a sweep, for nodes and clients.</summary>
public sealed class GrainCoordinator(IGrainFactory grains, string sweep) : ISweepCoordinator
{
    private readonly ISweepCoordinatorGrain grain = grains.GetGrain<ISweepCoordinatorGrain>(GrainKeys.Coordinator(sweep));

    /// <inheritdoc/>
    public string Sweep => sweep;

    /// <inheritdoc/>
    public async Task<TReply> SendAsync<TReply>(Command command, CancellationToken cancel) where TReply : Reply =>
        (TReply)await SendAsync(command, cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel)
    {
        var page = await grain.Events(afterSeq, limit, cancel);
        return Array.ConvertAll(page.Lines, EventText.Read);
    }

    private async Task<Reply> SendAsync(Command command, CancellationToken cancel)
    {
        switch (command)
        {
            case RequestWork request:
                return ContractMapping.FromMessage(await grain.RequestWork(ContractMapping.ToMessage(request), cancel));
            case ReportEpoch report:
                var verdict = await grain.Report(ContractMapping.ToMessage(report), cancel);
                return verdict.Refusal is { } refusal ? throw new RefusedReportException(refusal) : new VerdictReply((Verdict)verdict.Verdict, Reason: null);
            case ReleaseRun release:
                await grain.Release(new RunMessage(release.Node, release.Run, release.Generation), cancel);
                return Acknowledged.Instance;
            case FailRun fail:
                await grain.Fail(new FailureMessage(new RunMessage(fail.Node, fail.Run, fail.Generation), fail.Error, fail.Permanent), cancel);
                return Acknowledged.Instance;
            case LoseNode lose:
                await grain.LoseNode(lose.Node, cancel);
                return Acknowledged.Instance;
            case RecordTest test:
                await grain.RecordTest(new TestMessage(test.Run, test.Epoch, test.Metrics.ToDictionary(), test.Error), cancel);
                return Acknowledged.Instance;
            case Steer steer:
                var answer = await grain.Steer(ContractMapping.ToMessage(steer), cancel);
                return new SteerReply(answer.Accepted, answer.Message);
            default:
                throw new NotSupportedException($"A {command.GetType().Name} is not sent to a coordinator from outside.");
        }
    }
}
