using System.Diagnostics;
using System.Globalization;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>
/// A sweep over a deterministic program on two silos with two slots each: undisturbed, and while the watching client, silos and programs
/// are killed at random moments.
/// </summary>
internal sealed class ProgramKills : IAsyncDisposable
{
    private const string Metric = "loss";

    // Every epoch writes a checkpoint and waits for its verdict.
    private const string Program = """
        for argument in "$@"; do case $argument in --start=*) start=${argument#--start=};; esac; done
        value=$start
        if [ "$SWEEP_EPOCH" -gt 0 ]; then value=$(cat "$SWEEP_CHECKPOINT/value"); fi
        epoch=$SWEEP_EPOCH
        while [ "$epoch" -lt "$SWEEP_UNTIL" ]; do
          sleep 0.2
          epoch=$((epoch + 1)); value=$((value * 9 / 10))
          echo "$value" > "$SWEEP_CHECKPOINT/value.new"; mv "$SWEEP_CHECKPOINT/value.new" "$SWEEP_CHECKPOINT/value"
          echo "run $SWEEP_RUN epoch $epoch"
          echo "{\"epoch\": $epoch, \"loss\": $value, \"checkpoint\": true, \"ask\": true}" >> "$SWEEP_REPORT"
          read answer < "$SWEEP_VERDICTS"
          case $answer in *continue*) ;; *) exit 0;; esac
        done
        """;

    private readonly TemporaryFolder folder = new();
    private readonly int runs, epochs;

    private ProgramKills(int runs, int epochs) => (this.runs, this.epochs) = (runs, epochs);

    public ClusterHarness Cluster { get; private set; } = null!;

    /// <summary>Starts the cluster for sweeps with these numbers of runs and epochs.</summary>
    public static async Task<ProgramKills> StartAsync(int runs, int epochs)
    {
        var kills = new ProgramKills(runs, epochs);
        File.WriteAllText(kills.folder["train.sh"], Program);
        File.WriteAllText(kills.folder["sweep.yaml"], kills.Spec);
        kills.Cluster = await ClusterHarness.StartAsync(silos: 2, slots: 2, "--programs", kills.folder.Path);
        return kills;
    }

    /// <summary>
    /// Runs a sweep to its end while a client watches it, with <paramref name="kills"/> kills spread over its epochs. Returns its log.
    /// </summary>
    public async Task<IReadOnlyList<LoggedEvent>> RunAsync(string sweep, int kills, int seed)
    {
        var random = new Random(seed);
        var person = new Person(folder["home"], "--cluster", string.Join(',', Cluster.Silos.Select(silo => $"127.0.0.1:{silo.GatewayPort}")));
        await Cluster.SubmitAsync(Spec, sweep);
        var client = await person.StartAsync($"watch {sweep}");
        // Halving with η = 2 trains fewer epochs than this, so that the kills end before the sweep does.
        var total = Enumerable.Range(0, int.Log2(epochs / 2) + 1).Sum(rung => (runs >> rung) * (rung == 0 ? 2 : 1 << rung));
        for (var kill = 0; kill < kills; kill++)
        {
            await Cluster.RecordedAsync(sweep, total * 9 / 10 * (kill + 1) / kills);
            await Task.Delay(random.Next(400));
            switch (kill % 3)
            {
                case 0:
                    // The silo of the newest assignment: any other may have no run, and the kill would lose none.
                    var silo = Cluster.SiloOf((await Cluster.EventsAsync(sweep)).Facts<RunAssigned>().Last());
                    await silo.KillAsync();
                    await silo.StartAsync();
                    await silo.ReadyAsync();
                    break;
                case 1 when Running() is { Count: > 0 } running:
                    using (var killer = Process.Start("kill", ["-KILL", running[random.Next(running.Count)].ToString(CultureInfo.InvariantCulture)]))
                        await killer.WaitForExitAsync();
                    break;
                default:
                    await client.KillAsync();
                    await client.DisposeAsync();
                    client = await person.StartAsync($"watch {sweep}");
                    break;
            }
        }
        var log = await Cluster.EndedAsync(sweep);
        await client.DisposeAsync();
        return log;
    }

    /// <summary>
    /// Asserts that the disturbed sweep has every epoch once, the same values and the same winner, and that no program is left.
    /// </summary>
    public async Task AssertSameAsync(IReadOnlyList<LoggedEvent> undisturbed, IReadOnlyList<LoggedEvent> disturbed)
    {
        SweepLog.AssertNothingIsLostOrDoubled(disturbed);
        Assert.Equal(SweepLog.Measured(undisturbed), SweepLog.Measured(disturbed));
        Assert.Equal(SweepLog.Winner(undisturbed, Metric), SweepLog.Winner(disturbed, Metric));
        Assert.DoesNotContain(disturbed.Facts<RunNoted>(), note => note.Topic == NoteTopic.Differs);
        await Eventually.SeeAsync("no program is left", () => Task.FromResult(Running()), left => left.Count == 0, left => left.Count, () => "");
    }

    /// <summary>A measurement, not a test: prints the numbers of a disturbed sweep after comparing it with an undisturbed one.</summary>
    public static async Task MeasureAsync(int kills, TextWriter output)
    {
        await using var sweeps = await StartAsync(runs: 16, epochs: 32);
        var undisturbed = await sweeps.RunAsync("calm-abcde", 0, seed: 1);
        var disturbed = await sweeps.RunAsync("killed-abcde", kills, seed: 1);
        await sweeps.AssertSameAsync(undisturbed, disturbed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kills} kills of silos, programs and the client: {disturbed.Epochs().Count()} epochs recorded, each once; {disturbed.Facts<RunLost>().Count()} assignments lost, {disturbed.Facts<EpochsWasted>().Sum(wasted => wasted.Epochs)} epochs trained again; the same values and the same winner, run {SweepLog.Winner(disturbed, Metric)}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"undisturbed {Seconds(undisturbed):0} s, with kills {Seconds(disturbed):0} s"));

        static double Seconds(IReadOnlyList<LoggedEvent> log) => (log[^1].At - log[0].At).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        folder.Dispose();
    }

    private string Spec => string.Create(CultureInfo.InvariantCulture, $$$"""
        trainable: program
        program: train.sh
        command: [sh, '${program}', '${args}']
        method: grid
        epochs: {{{epochs}}}
        stop_grace: 1s
        checkpoint: {epochs: 1}
        metric: {name: loss, goal: minimize}
        early_terminate: {type: successive_halving, min_iter: 2, max_iter: {{{epochs}}}, eta: 2}
        parameters: {start: {values: [{{{string.Join(", ", Enumerable.Range(0, runs).Select(run => 1000 + (run * 7919 % 9000)))}}}]}}
        """);

    /// <summary>The process ids of running programs, found by their working folders.</summary>
    private List<int> Running() => [.. Directory.EnumerateDirectories("/proc").Where(process =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out _)
                && File.ReadAllText(Path.Combine(process, "cmdline")).StartsWith("sh\0train.sh", StringComparison.Ordinal)
                && new FileInfo(Path.Combine(process, "cwd")).LinkTarget == folder.Path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }).Select(process => int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture))];
}
