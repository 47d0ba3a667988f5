using Microsoft.Extensions.Time.Testing;
using Sweeps.Programs;
using Tests.Shared;

namespace Runtime.Tests.Programs;

public sealed class LimitWatchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly Pretended program = new();

    [Fact]
    public void Each_limit_is_told_with_its_key()
    {
        var watch = new LimitWatch(
            new ProgramLimits { Epoch = TimeSpan.FromSeconds(20), Run = TimeSpan.FromSeconds(60), Processes = 3, Memory = 5_000_000, Artifacts = 100, Checkpoint = 100 },
            time, folder["out"], folder["checkpoint"]);
        Directory.CreateDirectory(folder["out"]);
        Directory.CreateDirectory(folder["checkpoint"]);
        string? After(int seconds)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            return watch.Exceeded(program);
        }

        Assert.Null(After(19));
        Assert.Equal("no report for 20 s (limits.epoch)", After(2));
        watch.Reported();
        Assert.Null(After(2));
        program.Now = (4, 1_000_000);
        Assert.Equal("it had 4 processes, more than limits.processes (3)", After(2));
        program.Now = (2, 9_000_000);
        Assert.Equal("out of memory: it used 9 MB, more than limits.memory (5 MB)", After(2));
        program.Now = (1, 0);
        File.WriteAllBytes(folder["out/big"], new byte[2_000_000]);
        Assert.Equal("its files in SWEEP_OUT have 2 MB, more than limits.artifacts (0 MB)", After(2));
        File.Move(folder["out/big"], folder["checkpoint/big"]);
        Assert.Equal("its files in SWEEP_CHECKPOINT have 2 MB, more than limits.checkpoint (0 MB)", After(2));
        File.Delete(folder["checkpoint/big"]);
        Assert.Null(After(2));
        watch.Reported();
        Assert.Null(After(18));
        watch.Reported();
        Assert.Equal("it ran for 60 s (limits.run)", After(12));
    }

    [Fact]
    public void The_more_time_a_listing_of_the_files_takes_the_less_often_they_are_listed()
    {
        Directory.CreateDirectory(folder["out"]);
        Directory.CreateDirectory(folder["checkpoint"]);
        var clock = new SlowClock();
        var watch = new LimitWatch(new ProgramLimits { Artifacts = 100 }, clock, folder["out"], folder["checkpoint"]);
        clock.PerReading = TimeSpan.FromSeconds(1);
        Assert.Null(watch.Exceeded(program));
        clock.PerReading = TimeSpan.Zero;
        File.WriteAllBytes(folder["out/big"], new byte[2_000_000]);

        clock.Now += TimeSpan.FromSeconds(5);
        Assert.Null(watch.Exceeded(program));
        clock.Now += TimeSpan.FromSeconds(6);
        Assert.Contains("limits.artifacts", watch.Exceeded(program), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_are_not_followed_when_files_are_counted()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(folder["out"]);
        Directory.CreateDirectory(folder["checkpoint"]);
        File.WriteAllBytes(folder["big"], new byte[2_000_000]);
        Directory.CreateSymbolicLink(folder["out/up"], "..");
        Directory.CreateSymbolicLink(folder["checkpoint/up"], "..");
        File.CreateSymbolicLink(folder["checkpoint/big"], folder["big"]);
        var watch = new LimitWatch(new ProgramLimits { Artifacts = 100, Checkpoint = 100 }, time, folder["out"], folder["checkpoint"]);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(watch.Exceeded(program));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A clock on which every reading takes time.</summary>
    private sealed class SlowClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public TimeSpan PerReading { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (Now += PerReading).Ticks;
    }

    private sealed class Pretended : IRunningProgram
    {
        public (int Count, long Memory) Now { get; set; } = (1, 0);

        public ProgramExit? Exit => null;

        public bool Lives => true;

        public string OutOfMemory => "";

        public (int Count, long Memory) Living(TimeSpan age) => Now;

        public bool Wait(TimeSpan limit, Action<ProgramStream, ReadOnlySpan<byte>> read) => false;

        public void End(bool gently) { }

        public void Answer(string line) { }

        public void Dispose() { }
    }
}
