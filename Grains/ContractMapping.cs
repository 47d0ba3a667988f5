using Grains.Contracts;
using Sweeps.Core;
using Sweeps.Log;

namespace Grains;

/// <summary>Maps commands and replies to the messages of the grain contracts. Events are sent as lines of the log.</summary>
internal static class ContractMapping
{
    public static WorkRequest ToMessage(RequestWork request) =>
        new(request.Node, request.Free, [.. request.Running.Select(Lease)], AssignmentMessage.Format);

    /// <summary>A node of an older program, which cannot read this program's assignments, gets no work: its free slots are ignored.</summary>
    public static RequestWork FromMessage(WorkRequest message) => new(
        default, message.Node, message.Format < AssignmentMessage.Format ? 0 : message.Free, Array.ConvertAll(message.Running, Lease));

    public static WorkAnswer ToMessage(WorkReply reply) => new(
        [.. reply.Assignments.Select(ToMessage)],
        [.. reply.Abandon.Select(Lease)],
        reply.Done);

    public static WorkReply FromMessage(WorkAnswer message) =>
        new(Array.ConvertAll(message.Assignments, FromMessage), Array.ConvertAll(message.Abandon, Lease), message.Done);

    public static AssignmentMessage ToMessage(Assignment assignment) => new(
        EventText.Write(new LoggedEvent(0, default, new RunCreated(assignment.Run, assignment.Configuration, assignment.Seed, 0, null))),
        assignment.Generation, assignment.RecordedEpoch, assignment.UntilEpoch, [.. assignment.WaitAt], assignment.Test);

    public static Assignment FromMessage(AssignmentMessage message)
    {
        var created = (RunCreated)EventText.Read(message.Created).Event;
        return new Assignment(
            created.Run, message.Generation, created.Configuration, created.Seed, message.RecordedEpoch, message.UntilEpoch, message.WaitAt,
            message.Test);
    }

    public static EpochMessage ToMessage(ReportEpoch report) => new(
        report.Node, report.Run, report.Generation, report.Epoch, report.Metrics.ToDictionary(), report.Seconds, report.Divergence, report.Last,
        report.Restarted);

    public static ReportEpoch FromMessage(EpochMessage message) => new(
        default, message.Node, message.Run, message.Generation, message.Epoch, message.Metrics, message.Seconds, message.Divergence, message.Last,
        message.Restarted);

    public static SteerMessage ToMessage(Steer steer) =>
        new(EventText.Write(new LoggedEvent(0, default, new SweepSteered(steer.By, steer.Why, steer.Action, steer.Id))));

    public static Steer FromMessage(SteerMessage message) => new((SweepSteered)EventText.Read(message.Steered).Event);

    private static RunLease Lease(LeaseMessage message) => new(message.Run, message.Generation, message.Test);

    private static LeaseMessage Lease(RunLease lease) => new(lease.Run, lease.Generation, lease.Test);
}
