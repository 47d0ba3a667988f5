using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core;
using Sweeps.Log;

namespace Runtime.Tests.Log;

public class EventTextTests
{
    [Fact]
    public void Every_event_reads_back_as_it_was_written()
    {
        foreach (var logged in Sample.AllEvents())
        {
            var read = EventText.Read(EventText.Write(logged));

            Assert.Equal((logged.Seq, logged.At, logged.Event.GetType()), (read.Seq, read.At, read.Event.GetType()));
            Assert.Equal(EventText.Write(logged), EventText.Write(read));
        }
    }

    [Fact]
    public void The_sample_has_every_type_of_event_and_of_action()
    {
        var events = Sample.AllEvents().Select(logged => logged.Event).ToList();
        var types = typeof(SweepEvent).Assembly.GetTypes();

        Assert.Empty(types.Where(type => type.IsSubclassOf(typeof(SweepEvent))).Except(events.Select(e => e.GetType())));
        Assert.Empty(types.Where(type => type.IsSubclassOf(typeof(SteerAction)))
            .Except(events.OfType<SweepSteered>().Select(steered => steered.Action.GetType())));
    }

    [Fact]
    public void Doubles_read_back_bit_for_bit()
    {
        Prop.ForAll<long>(bits =>
        {
            var value = BitConverter.Int64BitsToDouble(bits);
            var metrics = new Dictionary<string, double> { ["m"] = value };
            var configuration = new Configuration([KeyValuePair.Create<string, Value>("x", new Value.Number(value))]);

            var epoch = (EpochRecorded)Again(new EpochRecorded(0, 1, 1, metrics, 0, Verdict.Continue));
            var created = (RunCreated)Again(new RunCreated(0, configuration, 0, 0, null, null));

            return Same(value, epoch.Metrics["m"]) && created.Configuration["x"] is Value.Number number && Same(value, number.Content);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.0)]
    [InlineData(1e15)]
    [InlineData(1e16)]
    [InlineData(1e-7)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    public void A_number_stays_a_number_and_an_integer_an_integer(double value)
    {
        var configuration = new Configuration(
            [new("number", new Value.Number(value)), new("integer", new Value.Integer(1)), new("list", new Value.List([new Value.Number(value)]))]);

        var read = ((RunCreated)Again(new RunCreated(0, configuration, 0, 0, null, null))).Configuration;

        Assert.Equal(configuration, read);
        Assert.True(Same(value, read["number"]!.AsDouble()!.Value));
    }

    [Fact]
    public void What_a_newer_version_wrote_is_refused_with_both_versions()
    {
        var line = """{"seq":7,"at":"2026-01-02T03:04:05Z","type":"run_paused","v":2,"run":1,"mood":"calm"}""";

        var error = Assert.Throws<LogVersionException>(() => EventText.Read(line));

        Assert.Contains("version 2", error.Message);
        Assert.Contains("up to 1", error.Message);
        Assert.Throws<LogVersionException>(
            () => EventText.Read("""{"seq":7,"at":"2026-01-02T03:04:05Z","type":"run_teleported","v":1,"run":1}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("""{"seq":7,"at":"2026-01-02T03:04:05Z","type":"run_paused","v":1}""")]
    [InlineData("""{"seq":7,"at":"2026-01-02T03:04:05Z","type":"run_paused","v":1,"run":1,"mood":"calm"}""")]
    [InlineData("""{"seq":7,"at":"yesterday","type":"run_released","v":1,"run":1,"generation":1,"node":"a"}""")]
    [InlineData("""{"seq":7,"at":"2026-01-02T03:04:05Z","type":"run_released","v":1,"run":1,"generation":1,"node":"a"} x""")]
    public void A_damaged_line_is_refused(string line) => Assert.Throws<InvalidDataException>(() => EventText.Read(line));

    private static SweepEvent Again(SweepEvent fact) => EventText.Read(EventText.Write(new LoggedEvent(1, default, fact))).Event;

    private static bool Same(double a, double b) =>
        double.IsNaN(a) ? double.IsNaN(b) : BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    [Fact]
    public void A_page_of_a_thousand_events_allocates_little_more_than_its_lines()
    {
        var events = Enumerable.Range(1, 1000).Select(seq => new LoggedEvent(seq, DateTimeOffset.UnixEpoch, new RunAssigned(seq, 1, "node-1", 9))).ToList();
        var lines = events.ConvertAll(EventText.Write);
        var characters = lines.Sum(line => line.Length);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var logged in events)
            EventText.Write(logged);
        var written = GC.GetAllocatedBytesForCurrentThread() - before;
        foreach (var line in lines)
            EventText.Read(line);
        var read = GC.GetAllocatedBytesForCurrentThread() - before - written;

        // Two bytes per character, and the header of each string.
        Assert.InRange(written, 1, (2 * characters) + (1000 * 64));
        Assert.InRange(read, 1, 1000 * 512);
    }

    [Fact]
    public void Only_what_needs_a_new_version_is_written_in_it()
    {
        Assert.Contains("\"v\":1", EventText.Write(new LoggedEvent(1, default, new SweepSteered("me", "", new SteerAction.Pause()))), StringComparison.Ordinal);
        Assert.Contains("\"v\":2", EventText.Write(new LoggedEvent(1, default, new SweepSteered("me", "", new SteerAction.Pause(), "id"))), StringComparison.Ordinal);
    }
}
