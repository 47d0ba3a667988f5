using System.Text.Json;
using Sweeps.Core;
using Sweeps.Log.Json;

namespace Runtime.Tests.Log;

public sealed class CommandJsonTests
{
    private static readonly Dictionary<string, double> Metrics = new() { ["a"] = double.NaN, ["b"] = double.NegativeInfinity, ["c"] = 0.1 };

    private static readonly Configuration Lr = new([
        new("lr", new Value.Number(1)), new("units", new Value.Integer(1)), new("name", new Value.Text("a\"b")), new("x", new Value.Number(double.NaN))]);

    private static readonly object[] Samples =
    [
        new RequestWork("node", 2, [new RunLease(1, 2), new RunLease(3, 4, Test: true)]),
        new ReportEpoch("node", 1, 2, 3, Metrics, 0.5, "too large", Last: true, "no checkpoint"),
        new ReleaseRun("node", 1, 2),
        new FailRun("node", 1, 2, "out of memory", Permanent: true),
        new LoseNode("node"),
        new NoteRun("node-1", 3, 2, NoteTopic.Program, "train.py 0123456789ab"),
        new Tick(),
        new RecordTest(1, 2, Metrics, "no data"),
        new RecordHook(Hook.End, "no answer"),
        new Steer(new SweepSteered("ann", "a hunch", new SteerAction.Enqueue(Lr), "id")),
        new WorkReply([new Assignment(1, 2, Lr, ulong.MaxValue, 3, 9, [5, 9], Test: true)], [new RunLease(1, 2)], Done: true),
        new VerdictReply(Verdict.Stop, new Reason("asha", 1, 2, 3, 4, double.NaN, 0.5, "detail")),
        Acknowledged.Instance,
        new SteerReply(true, "Paused."),
    ];

    [Fact]
    public void Every_command_and_reply_is_read_as_it_was_written()
    {
        foreach (var sample in Samples)
        {
            var text = JsonSerializer.Serialize(sample, sample.GetType(), CommandJson.Options);
            var read = JsonSerializer.Deserialize(text, sample.GetType(), CommandJson.Options)!;
            Assert.Equal(text, JsonSerializer.Serialize(read, sample.GetType(), CommandJson.Options));
        }
        Assert.Equal(
            typeof(Reply).Assembly.GetTypes().Where(type => !type.IsAbstract && (type.IsAssignableTo(typeof(Reply)) || type.IsAssignableTo(typeof(Command)))).Select(type => type.Name).Order(),
            Samples.Select(sample => sample.GetType().Name).Order());
        var assignment = ((WorkReply)Samples.First(sample => sample is WorkReply)).Assignments[0];
        Assert.Equal(
            Lr, JsonSerializer.Deserialize<Assignment>(JsonSerializer.Serialize(assignment, CommandJson.Options), CommandJson.Options)!.Configuration);
    }

    [Fact]
    public void A_property_that_an_older_program_does_not_send_has_its_default()
    {
        var report = JsonSerializer.Deserialize<ReportEpoch>(
            """{"Node":"node","Run":1,"Generation":2,"Epoch":3,"Metrics":{"a":1},"Seconds":0.5,"Later":7}""", CommandJson.Options)!;

        Assert.Equal((3, null, false, null), (report.Epoch, report.Divergence, report.Last, report.Restarted));
    }
}
