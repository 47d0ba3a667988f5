using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Coordination;
using Sweeps.Core;
using Sweeps.Nodes;
using Sweeps.Runs;
using Sweeps.Telemetry;

namespace Runtime.Tests.Nodes;

/// <summary>A node continues its heartbeats to one coordinator while another coordinator or the directory does not answer.</summary>
public sealed class NodeWorkerTests : IDisposable
{
    private readonly SweepMetrics metrics = new();
    private readonly SlotPool slots = new(2);

    public void Dispose()
    {
        slots.Dispose();
        metrics.Dispose();
    }

    [Fact]
    public Task Runs_are_told_while_a_request_for_work_gets_no_answer() =>
        TellsAsync(new Coordinator { AnswersOffersAfterTheFirst = false }, coordinator => new Directory(coordinator));

    [Fact]
    public Task Runs_are_told_while_the_directory_gives_no_answer() =>
        TellsAsync(new Coordinator(), coordinator => new Directory(coordinator) { Answers = 1 });

    [Fact]
    public async Task A_run_that_could_not_be_started_is_not_asked_for_again_at_once()
    {
        var coordinator = new Coordinator();
        var directory = new Directory(coordinator) { Starts = false };
        var options = new NodeOptions { Heartbeat = TimeSpan.FromHours(1), RequestTimeout = TimeSpan.FromHours(1) };
        var worker = new NodeWorker("node", slots, directory, options, TimeProvider.System, metrics, NullLogger.Instance);
        using var drain = new CancellationTokenSource();
        var working = worker.RunAsync(drain.Token);

        // After the run was returned, each event that wakes the node causes one iteration of its loop.
        Assert.True(SpinWait.SpinUntil(() => coordinator.Offers == 1 && slots.Free == 2, TimeSpan.FromSeconds(30)));
        for (var asked = directory.Asked; directory.Asked < asked + 5;)
            worker.Wake();

        await drain.CancelAsync();
        await working;
        Assert.Equal(1, coordinator.Offers);
    }

    [Fact]
    public async Task A_directory_that_fails_as_the_drain_comes_keeps_no_run_from_being_given_back()
    {
        using var drain = new CancellationTokenSource();
        var coordinator = new Coordinator();
        var directory = new Directory(coordinator)
        {
            Answers = 1,
            Fails = () =>
            {
                drain.Cancel();
                return new IOException("Connection reset by peer");
            },
        };
        var options = new NodeOptions { Heartbeat = TimeSpan.FromMilliseconds(20), RequestTimeout = TimeSpan.FromHours(1) };
        var worker = new NodeWorker("node", slots, directory, options, TimeProvider.System, metrics, NullLogger.Instance);

        await worker.RunAsync(drain.Token);

        Assert.Equal(1, coordinator.Offers);
        Assert.Equal(2, slots.Free);
    }

    /// <summary>Asserts that the coordinator of a node with one run and one free slot gets several heartbeats.</summary>
    private async Task TellsAsync(Coordinator coordinator, Func<Coordinator, Directory> directory)
    {
        var options = new NodeOptions { Heartbeat = TimeSpan.FromMilliseconds(20), RequestTimeout = TimeSpan.FromHours(1) };
        var worker = new NodeWorker("node", slots, directory(coordinator), options, TimeProvider.System, metrics, NullLogger.Instance);
        using var drain = new CancellationTokenSource();
        var working = worker.RunAsync(drain.Token);

        await coordinator.Heard.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await drain.CancelAsync();
        coordinator.Hanging.TrySetCanceled();
        await working;
    }

    /// <summary>Assigns one run, then nothing. It completes after three heartbeats that report the run.</summary>
    private sealed class Coordinator : ISweepCoordinator
    {
        private int offers, told;

        public int Offers => Volatile.Read(ref offers);

        public bool AnswersOffersAfterTheFirst { get; init; } = true;

        public string Sweep => "test";

        public TaskCompletionSource Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<Reply> Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<TReply> SendAsync<TReply>(Command<TReply> command, CancellationToken cancel) where TReply : Reply
        {
            var request = Assert.IsType<RequestWork>(command);
            if (request.Running.Count == 1 && Interlocked.Increment(ref told) == 3)
                Heard.TrySetResult();
            if (request.Free > 0 && Interlocked.Increment(ref offers) == 1)
                return (TReply)(Reply)new WorkReply([new Assignment(0, 1, new Configuration([]), 0, 0, 9, [9])], [], Done: false);
            if (request.Free > 0 && !AnswersOffersAfterTheFirst)
                return (TReply)await Hanging.Task.WaitAsync(cancel);
            return (TReply)(Reply)new WorkReply([], [], Done: false);
        }

        public Task<IReadOnlyList<LoggedEvent>> EventsAsync(long afterSeq, int limit, CancellationToken cancel) => throw new NotSupportedException();
    }

    private sealed class Directory(Coordinator coordinator) : ISweepDirectory
    {
        private int asked;

        public int Asked => Volatile.Read(ref asked);

        /// <summary>Whether a launched run starts.</summary>
        public bool Starts { get; init; } = true;

        /// <summary>The number of answers before it stops answering or fails.</summary>
        public int Answers { get; set; } = int.MaxValue;

        /// <summary>Creates the exception of a failure; null to not answer.</summary>
        public Func<Exception>? Fails { get; init; }

        public async Task<IReadOnlyList<ActiveSweep>> ActiveAsync(IReadOnlyDictionary<string, int> running, CancellationToken cancel)
        {
            Interlocked.Increment(ref asked);
            if (Answers-- <= 0)
            {
                if (Fails is not null)
                    throw Fails();
                await coordinator.Hanging.Task.WaitAsync(cancel);
            }
            return [new ActiveSweep(coordinator, new SlotShare(), new Launcher(Starts))];
        }

        public void Ended(string sweep) { }
    }

    /// <summary>Launches runs that last until the drain, or are returned immediately.</summary>
    private sealed class Launcher(bool starts) : IRunLauncher
    {
        public ILaunchedRun Launch(Assignment assignment, SlotPermit slot, CancellationToken drain) => new Launched(assignment, starts, drain);
    }

    private sealed class Launched : ILaunchedRun
    {
        private readonly TaskCompletionSource<RunOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Launched(Assignment assignment, bool starts, CancellationToken drain)
        {
            Lease = new RunLease(assignment.Run, assignment.Generation);
            drain.Register(Abandon);
            if (!starts)
                completion.SetResult(RunOutcome.NotStarted);
        }

        public RunLease Lease { get; }

        public Task<RunOutcome> Completion => completion.Task;

        public void Abandon() => completion.TrySetResult(RunOutcome.Released);
    }
}
