using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core;
using Sweeps.Log;

namespace Sweeps.Hosting.Postgres;

/// <summary>
/// Commands and replies as JSON between nodes of one version range. What an event can say is sent as the event's line, so configurations,
/// metrics and steering are exact and versioned as in the log.
/// </summary>
internal static class CommandText
{
    private static readonly CommandJson Json = new(new JsonSerializerOptions
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    public static string Write(Command command) => JsonSerializer.Serialize(
        command switch
        {
            RequestWork work => new CommandMessage("work", work.Node) { Free = work.Free, Running = [.. work.Running.Select(Lease)] },
            ReportEpoch report => new CommandMessage("report", report.Node)
            {
                Event = Line(new EpochRecorded(report.Run, report.Generation, report.Epoch, report.Metrics, report.Seconds, Verdict.Continue)),
                Text = report.Divergence,
                Flag = report.Last,
            },
            ReleaseRun release => new CommandMessage("release", release.Node) { Running = [[release.Run, release.Generation, 0]] },
            FailRun fail => new CommandMessage("fail", fail.Node)
            {
                Event = Line(new RunFailed(fail.Run, fail.Generation, fail.Error, fail.Permanent)),
            },
            LoseNode lose => new CommandMessage("lose", lose.Node),
            RecordTest test => new CommandMessage("test", "") { Event = Line(new TestEvaluated(test.Run, test.Epoch, test.Metrics)) },
            Steer steer => new CommandMessage("steer", "") { Event = Line(new SweepSteered(steer.By, steer.Why, steer.Action)) },
            _ => throw new NotSupportedException($"A {command.GetType().Name} is not sent to a coordinator from outside."),
        },
        Json.CommandMessage);

    /// <summary>Throws <see cref="InvalidDataException"/> for what is not a command.</summary>
    public static Command ReadCommand(string text)
    {
        var message = Parse(text, Json.CommandMessage);
        var fact = message.Event is { } line ? EventText.Read(line).Event : null;
        return (message.Kind, fact) switch
        {
            ("work", null) => new RequestWork(default, message.Node, message.Free, [.. message.Running.Select(Lease)]),
            ("report", EpochRecorded e) => new ReportEpoch(
                default, message.Node, e.Run, e.Generation, e.Epoch, e.Metrics, e.Seconds, message.Text, message.Flag),
            ("release", null) when message.Running is [[var run, var generation, _]] => new ReleaseRun(default, message.Node, run, generation),
            ("fail", RunFailed e) => new FailRun(default, message.Node, e.Run, e.Generation, e.Error, e.Permanent),
            ("lose", null) => new LoseNode(default, message.Node),
            ("test", TestEvaluated e) => new RecordTest(default, e.Run, e.Epoch, e.Metrics),
            ("steer", SweepSteered e) => new Steer(default, e.By, e.Why, e.Action),
            _ => throw new InvalidDataException($"'{message.Kind}' is not a command this version knows."),
        };
    }

    public static string Write(Reply reply) => JsonSerializer.Serialize(
        reply switch
        {
            WorkReply work => new ReplyMessage("work")
            {
                Assignments = [.. work.Assignments.Select(Assigned)],
                Abandon = [.. work.Abandon.Select(Lease)],
                Flag = work.Done,
            },
            VerdictReply verdict => new ReplyMessage("verdict") { Verdict = (int)verdict.Verdict, Reason = verdict.Reason },
            Acknowledged => new ReplyMessage("done"),
            SteerReply steer => new ReplyMessage("steer") { Flag = steer.Accepted, Text = steer.Message },
            _ => throw new NotSupportedException($"A {reply.GetType().Name} is not sent by a coordinator."),
        },
        Json.ReplyMessage);

    public static string Write(RefusedReportException refusal) =>
        JsonSerializer.Serialize(new ReplyMessage("refused") { Text = refusal.Message }, Json.ReplyMessage);

    /// <summary>Throws what the coordinator refused with, and <see cref="InvalidDataException"/> for what is not a reply.</summary>
    public static Reply ReadReply(string text)
    {
        var message = Parse(text, Json.ReplyMessage);
        return message.Kind switch
        {
            "work" => new WorkReply([.. message.Assignments.Select(Assigned)], [.. message.Abandon.Select(Lease)], message.Flag),
            "verdict" => new VerdictReply((Verdict)message.Verdict, message.Reason),
            "done" => Acknowledged.Instance,
            "steer" => new SteerReply(message.Flag, message.Text ?? ""),
            "refused" => throw new RefusedReportException(message.Text ?? ""),
            _ => throw new InvalidDataException($"'{message.Kind}' is not a reply this version knows."),
        };
    }

    private static AssignmentMessage Assigned(Assignment assignment) => new(
        Line(new RunCreated(assignment.Run, assignment.Configuration, assignment.Seed, 0, null, null)), assignment.Generation,
        assignment.RecordedEpoch, assignment.UntilEpoch, [.. assignment.WaitAt]);

    private static Assignment Assigned(AssignmentMessage message) => EventText.Read(message.Created).Event is RunCreated created
        ? new Assignment(
            created.Run, message.Generation, created.Configuration, created.Seed, message.RecordedEpoch, message.UntilEpoch, message.WaitAt)
        : throw new InvalidDataException("An assignment does not say what its run is.");

    private static int[] Lease(RunLease lease) => [lease.Run, lease.Generation, lease.Epoch];

    private static RunLease Lease(int[] lease) => new(lease[0], lease[1], lease[2]);

    private static string Line(SweepEvent fact) => EventText.Write(new LoggedEvent(0, default, fact));

    private static T Parse<T>(string text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new InvalidDataException("A message is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"A message cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>A command on its way. Which members are set depends on the kind.</summary>
internal sealed record CommandMessage(string Kind, string Node)
{
    public int Free { get; init; }

    public int[][] Running { get; init; } = [];

    public string? Event { get; init; }

    public string? Text { get; init; }

    public bool Flag { get; init; }
}

/// <summary>A reply on its way. Which members are set depends on the kind.</summary>
internal sealed record ReplyMessage(string Kind)
{
    public AssignmentMessage[] Assignments { get; init; } = [];

    public int[][] Abandon { get; init; } = [];

    public int Verdict { get; init; }

    public Reason? Reason { get; init; }

    public string? Text { get; init; }

    public bool Flag { get; init; }
}

/// <summary>An assignment on its way: the run as the event that created it.</summary>
internal sealed record AssignmentMessage(string Created, int Generation, int RecordedEpoch, int UntilEpoch, int[] WaitAt);

[JsonSerializable(typeof(CommandMessage))]
[JsonSerializable(typeof(ReplyMessage))]
internal sealed partial class CommandJson : JsonSerializerContext;
