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
    private readonly ISweepWorkGrain work = grains.GetGrain<ISweepWorkGrain>(GrainKeys.Coordinator(sweep));

    /// <inheritdoc/>
    public string Sweep => sweep;

    /// <inheritdoc/>
    public Task<TReply> SendAsync<TReply>(Command<TReply> command, CancellationToken cancel) where TReply : Reply =>
        command is RequestWork request ? (Task<TReply>)(Task)work.Request(request, cancel) : grain.Send(command, cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel)
    {
        var page = await grain.Events(afterSeq, limit, cancel);
        return Array.ConvertAll(page.Lines, EventText.Read);
    }
}
