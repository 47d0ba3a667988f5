using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Tests.Shared;

namespace Runtime.Tests.Log;

public sealed class FolderLogTests : IDisposable
{
    private const string Network = "method: random\ndataset: mnist\nparameters: {learning_rate: {min: 0.01, max: 0.1}}";

    private const string Function = """
        method: random
        trainable: function
        function: branin
        metric: {name: value, goal: minimize}
        parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
        """;

    private readonly TemporaryFolder folder = new();
    private readonly SweepHome home;

    public FolderLogTests() => home = new SweepHome(folder.Path);

    [Fact]
    public async Task A_log_cut_at_any_byte_keeps_every_whole_append_and_takes_the_next()
    {
        var appends = Sample.AllEvents().Chunk(3).ToList();
        await WriteAsync(appends);
        var whole = await File.ReadAllBytesAsync(home.Events("a"));
        var ends = appends.Select(append => append[^1].Seq).ToList();

        for (var length = 0; length <= whole.Length; length += 7)
        {
            await File.WriteAllBytesAsync(home.Events("a"), whole[..length]);
            using var log = new FolderLog(home, TimeProvider.System);
            var kept = (await ReadAsync(log)).Count;
            Assert.True(kept == 0 || ends.Contains(kept), $"{kept} events kept of the first {length} bytes: half an append.");

            await log.AppendAsync("a", [Event(kept + 1)], default);

            var read = await ReadAsync(log);
            Assert.Equal(kept + 1, read.Count);
            Assert.Equal(read[^1].Seq, read.Count);
        }
    }

    [Fact]
    public async Task Asking_who_holds_a_sweep_never_keeps_its_next_owner_out()
    {
        await WriteAsync([[Event(1)]]);
        using var asking = new FolderLog(home, TimeProvider.System);
        using var over = new CancellationTokenSource();
        // A killed process leaves the file with the holder's name behind.
        await File.WriteAllTextAsync(Path.Combine(home.Folder("a"), "lock.holder"), "process 1 on a machine");
        var asked = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
                asking.Holder("a");
        });

        for (var i = 0; i < 200; i++)
        {
            using var owner = new FolderLog(home, TimeProvider.System);
            owner.Lock("a");
            Assert.Contains($"process {Environment.ProcessId} ", asking.Holder("a"), StringComparison.Ordinal);
        }

        await over.CancelAsync();
        await asked;
        Assert.Null(asking.Holder("a"));
    }

    [Fact]
    public async Task A_lock_whose_holder_cannot_be_written_is_released_and_can_be_taken_later()
    {
        await WriteAsync([[Event(1)]]);
        using var log = new FolderLog(home, TimeProvider.System);
        var holder = Path.Combine(home.Folder("a"), "lock.holder");
        Directory.CreateDirectory(holder);
        Assert.Throws<UnauthorizedAccessException>(() => log.Lock("a"));
        Directory.Delete(holder);

        log.Lock("a");

        Assert.Contains($"process {Environment.ProcessId} ", log.Holder("a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_whose_folder_was_deleted_is_closed_without_an_error()
    {
        await WriteAsync([[Event(1)]]);
        var log = new FolderLog(home, TimeProvider.System);
        log.Lock("a");
        Directory.Delete(home.Folder("a"), recursive: true);

        log.Dispose();
    }

    [Fact]
    public async Task A_damaged_log_is_listed_after_the_others_and_a_folder_of_another_kind_is_not()
    {
        await WriteAsync([[Event(1)], [Event(2)]]);
        Directory.CreateDirectory(home.Folder("b"));
        await File.WriteAllTextAsync(home.Events("b"), "nonsense\nnonsense\n{}\n" + await File.ReadAllTextAsync(home.Events("a")));
        Directory.CreateDirectory(Path.Combine(home.Path, "Not a sweep"));
        await File.WriteAllTextAsync(Path.Combine(home.Path, "Not a sweep", "events.jsonl"), "");
        using var log = new FolderLog(home, TimeProvider.System);

        Assert.Equal(["a", "b"], await log.ListAsync(default));
    }

    [Fact]
    public async Task The_sweep_file_beside_the_log_is_the_one_that_holds()
    {
        await WriteAsync([[new LoggedEvent(1, DateTimeOffset.UnixEpoch, new SweepCreated("a", "first", "a test"))]]);
        Assert.Equal("first", await File.ReadAllTextAsync(home.SweepFile("a")));
        using var log = new FolderLog(home, TimeProvider.System);

        await log.AppendAsync("a", [new LoggedEvent(2, DateTimeOffset.UnixEpoch, new SweepSteered("ann", "", new SteerAction.Change("second")))], default);

        Assert.Equal("second", await File.ReadAllTextAsync(home.SweepFile("a")));
    }

    [Fact]
    public async Task What_is_cut_off_is_kept_beside_the_log()
    {
        await WriteAsync([[Event(1)], [Event(2)]]);
        await File.AppendAllTextAsync(home.Events("a"), "{\"seq\":3,\"at\":");
        using var log = new FolderLog(home, TimeProvider.System);

        log.Lock("a");

        var cut = Assert.Single(Directory.GetFiles(home.Folder("a"), "events.jsonl.cut-*"));
        Assert.Equal("{\"seq\":3,\"at\":", await File.ReadAllTextAsync(cut));
    }

    [Fact]
    public async Task Zeros_that_a_power_cut_left_at_the_end_are_cut_off()
    {
        await WriteAsync([[Event(1)], [Event(2)]]);
        await using (var file = new FileStream(home.Events("a"), FileMode.Append))
            file.Write(new byte[5000]);
        using var log = new FolderLog(home, TimeProvider.System);

        Assert.Equal(2, (await ReadAsync(log)).Count);
        await log.AppendAsync("a", [Event(3)], default);
        Assert.Equal(3, (await ReadAsync(log)).Count);
    }

    [Fact]
    public async Task Damage_before_the_end_is_an_error_with_its_place_and_nothing_is_cut()
    {
        await WriteAsync([[Event(1)], [Event(2)], [Event(3)], [Event(4)]]);
        var lines = await File.ReadAllLinesAsync(home.Events("a"));
        lines[1] = lines[1].Replace("\"run\"", "\"rum\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(home.Events("a"), string.Join('\n', lines) + "\n");
        using var log = new FolderLog(home, TimeProvider.System);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(log));

        Assert.Contains($"byte {lines[0].Length + 1}", error.Message);
        Assert.Throws<InvalidDataException>(() => log.Lock("a"));
        Assert.Equal(4, (await File.ReadAllLinesAsync(home.Events("a"))).Length);
    }

    [Fact]
    public async Task What_a_newer_version_wrote_is_never_cut_off()
    {
        await WriteAsync([[Event(1)]]);
        await File.AppendAllTextAsync(home.Events("a"), "{\"seq\":2,\"at\":\"2026-01-02T03:04:05Z\",\"type\":\"run_x\",\"v\":9}\n");
        using var log = new FolderLog(home, TimeProvider.System);

        Assert.Throws<LogVersionException>(() => log.Lock("a"));

        Assert.Equal(2, (await File.ReadAllLinesAsync(home.Events("a"))).Length);
    }

    [Fact]
    public async Task A_second_writer_is_told_who_holds_the_sweep_and_readers_are_not_disturbed()
    {
        using var first = new FolderLog(home, TimeProvider.System);
        using var second = new FolderLog(home, TimeProvider.System);
        await first.AppendAsync("a", [Event(1)], default);
        first.Lock("a");

        var error = Assert.Throws<SweepLockedException>(() => second.Lock("a"));

        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", error.Message);
        Assert.Single(await ReadAsync(second));
        first.Close("a");
        second.Lock("a");
    }

    [Fact]
    public async Task A_sweep_is_created_with_its_file_whole_or_not_at_all()
    {
        using var log = new FolderLog(home, TimeProvider.System);
        await log.AppendAsync("a", [new LoggedEvent(1, default, new SweepCreated("a", "method: grid", "me"))], default);
        Assert.Equal("method: grid", await File.ReadAllTextAsync(home.SweepFile("a")));

        var blocked = new SweepHome(home.Events("a"));
        using var refused = new FolderLog(blocked, TimeProvider.System);
        var error = await Assert.ThrowsAsync<IOException>(() => refused.AppendAsync("b", [Event(1)], default));

        Assert.Contains(SweepHome.Variable, error.Message);
        Assert.Equal(["a"], Directory.GetFileSystemEntries(home.Path).Select(Path.GetFileName));
        await Assert.ThrowsAsync<LogConflictException>(() => log.AppendAsync("a", [Event(1)], default));
    }

    [Theory]
    [InlineData(Network, SweepOutcome.Finished, true)]
    [InlineData(Network, SweepOutcome.Stopped, true)]
    [InlineData(Network, SweepOutcome.Cancelled, false)]
    [InlineData(Function, SweepOutcome.Finished, false)]
    public async Task An_ended_sweep_of_networks_may_have_work_until_its_test_part_is_evaluated(string spec, SweepOutcome outcome, bool active)
    {
        using (var log = new FolderLog(home, TimeProvider.System))
            await log.AppendAsync("a", [Event(1, new SweepCreated("a", spec, "me")), Event(2, new SweepEnded(outcome, new Reason("budget")))], default);

        using var restarted = new FolderLog(home, TimeProvider.System);
        Assert.Equal(active ? ["a"] : [], await restarted.ActiveAsync(default));
        await restarted.AppendAsync("a", [Event(3, new TestEvaluated(0, 1, new Dictionary<string, double>()))], default);
        Assert.Empty(await restarted.ActiveAsync(default));
        await restarted.AppendAsync("a", [Event(4, new SweepSteered("me", "", new SteerAction.Resume()))], default);
        Assert.Equal(["a"], await restarted.ActiveAsync(default));
    }

    [Fact]
    public async Task A_damaged_log_does_not_hide_the_active_sweeps()
    {
        using var log = new FolderLog(home, TimeProvider.System);
        foreach (var sweep in (string[])["a", "b"])
            await log.AppendAsync(sweep, [Event(1, new SweepCreated(sweep, Function, "me"))], default);
        log.Close("a");
        var line = (await File.ReadAllTextAsync(home.Events("a"))).Trim();
        await File.AppendAllTextAsync(home.Events("a"), $"{line[..9]}\n{line}\n{line}\n");

        Assert.Equal(["b"], await log.ActiveAsync(default));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_passed_over_for_the_one_before()
    {
        var store = new FolderCheckpoints(home);
        foreach (var epoch in (int[])[1, 2])
            await store.SaveAsync("a", new StoredCheckpoint(0, epoch, 1, new byte[100]), default);
        var newest = Directory.GetFiles(home.Checkpoints("a", 0)).Order().Last();
        var bytes = await File.ReadAllBytesAsync(newest);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(newest, bytes);
        Assert.Equal(1, (await store.LoadAsync("a", 0, default))!.Epoch);

        await File.WriteAllBytesAsync(newest, []);
        Assert.Equal(1, (await store.LoadAsync("a", 0, default))!.Epoch);

        File.Delete(Directory.GetFiles(home.Checkpoints("a", 0)).Order().First());
        Assert.Null(await store.LoadAsync("a", 0, default));
    }

    [Fact]
    public async Task Weights_can_be_read_while_the_process_that_trains_replaces_them()
    {
        var (training, reading) = (new FolderCheckpoints(home), new FolderCheckpoints(home));
        await training.SaveBestAsync("a", new StoredCheckpoint(0, 1, 1, new byte[100]), default);
        var replacing = Task.Run(async () =>
        {
            for (var epoch = 2; epoch <= 300; epoch++)
                await training.SaveBestAsync("a", new StoredCheckpoint(0, epoch, 1, new byte[100]), default);
        });

        while (!replacing.IsCompleted)
            Assert.NotNull(await reading.LoadBestAsync("a", 0, default));

        await replacing;
        Assert.Equal(300, (await reading.LoadBestAsync("a", 0, default))!.Epoch);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("A")]
    [InlineData("1234")]
    [InlineData("abc\n")]
    public void What_is_not_an_id_leads_nowhere(string id) => Assert.Throws<ArgumentException>(() => home.Folder(id));

    [Theory]
    [InlineData("Fashion MNIST, quick!", "fashion-mnist-quick-")]
    [InlineData("42", "sweep-42-")]
    [InlineData("", "sweep-")]
    public void An_id_is_made_from_the_sweeps_name(string name, string expected)
    {
        var id = SweepId.New(name, new Random(1));

        Assert.StartsWith(expected, id);
        Assert.Equal(id, SweepId.Check(id));
    }

    public void Dispose() => folder.Dispose();

    private async Task WriteAsync(IEnumerable<LoggedEvent[]> appends)
    {
        using var log = new FolderLog(home, TimeProvider.System);
        foreach (var append in appends)
            await log.AppendAsync("a", append, default);
    }

    private static LoggedEvent Event(long seq) => Event(seq, new RunReleased(1, 1, "node"));

    private static LoggedEvent Event(long seq, SweepEvent e) => new(seq, default, e);

    private static async Task<List<LoggedEvent>> ReadAsync(FolderLog log)
    {
        var events = new List<LoggedEvent>();
        await foreach (var logged in log.ReadAsync("a", 0, default))
            events.Add(logged);
        return events;
    }
}
