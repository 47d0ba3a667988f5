using System.Diagnostics;
using System.Globalization;
using Cluster.Harness;
using Sweeps.Core;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>Programs on the silos of a cluster: silos and programs are killed, and the epochs and the winner are those of an undisturbed sweep.</summary>
public sealed class ProgramTests : IDisposable
{
    private const int Epochs = 8;

    private readonly TemporaryFolder folder = new();

    // A program that reproduces itself, with a checkpoint after each epoch.
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

    private static readonly string Spec = string.Create(CultureInfo.InvariantCulture, $$$"""
        trainable: program
        program: train.sh
        command: [sh, '${program}', '${args}']
        method: grid
        epochs: {{{Epochs}}}
        stop_grace: 1s
        checkpoint: {epochs: 1}
        metric: {name: loss, goal: minimize}
        early_terminate: {type: successive_halving, min_iter: 2, max_iter: {{{Epochs}}}, eta: 2}
        parameters: {start: {values: [1000, 4000, 2000, 8000, 3000, 6000]}}
        """);

    [PostgresFact]
    public async Task Kills_of_silos_and_programs_change_nothing_and_the_output_is_in_the_store()
    {
        File.WriteAllText(folder["train.sh"], Program);
        await using var cluster = await ClusterHarness.StartAsync(silos: 2, slots: 2, "--programs", folder.Path);
        var undisturbed = await EndAsync(cluster, "calm-abcde", []);
        var disturbed = await EndAsync(cluster, "killed-abcde", [4, 12]);

        SweepLog.AssertNothingIsLostOrDoubled(disturbed);
        Assert.Equal(SweepLog.Measured(undisturbed), SweepLog.Measured(disturbed));
        Assert.Equal(SweepLog.Winner(undisturbed, "loss"), SweepLog.Winner(disturbed, "loss"));
        Assert.DoesNotContain(disturbed.Facts<RunNoted>(), note => note.Topic == NoteTopic.Differs);
        Assert.NotEmpty(disturbed.Facts<RunLost>());
        Assert.Contains("train.sh", Assert.Single(disturbed.Facts<RunNoted>().Select(note => note.Text).Distinct()), StringComparison.Ordinal);
        var output = await new PostgresOutputs(cluster.Database).ReadAsync("calm-abcde", 0, 0, CancellationToken.None);
        Assert.Contains("run 0 epoch 2", System.Text.Encoding.UTF8.GetString(output.Bytes), StringComparison.Ordinal);
        await Eventually.SeeAsync("no program is left", () => Task.FromResult(Running()), left => left.Count == 0, left => left.Count, () => "");
    }

    [PostgresFact]
    public async Task A_silo_without_programs_and_one_whose_folder_lacks_the_program_say_so()
    {
        await using var cluster = await ClusterHarness.StartAsync(silos: 1);
        await cluster.SubmitAsync(Spec, "none-abcde");
        var client = new ClusterClient();
        await Eventually.SeeAsync(
            "the obstacle is named", () => client.ObstaclesAsync(cluster, "none-abcde"),
            said => said.Any(obstacle => obstacle.Contains("it runs no programs; to have it run them, start it with --programs FOLDER", StringComparison.Ordinal)),
            said => said.Length, () => "");
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Runs a sweep to its end; after so many epochs a silo, or the program of a run, is killed.</summary>
    private async Task<IReadOnlyList<LoggedEvent>> EndAsync(ClusterHarness cluster, string sweep, int[] kills)
    {
        await cluster.SubmitAsync(Spec, sweep);
        foreach (var (n, epochs) in kills.Index())
        {
            await cluster.RecordedAsync(sweep, epochs);
            if (n % 2 == 0)
            {
                var silo = cluster.Silos[n / 2 % cluster.Silos.Count];
                await silo.KillAsync();
                await silo.StartAsync();
                await silo.ReadyAsync();
            }
            else if (Running() is [var first, ..])
            {
                using var kill = Process.Start("kill", ["-KILL", first.ToString(CultureInfo.InvariantCulture)]);
                await kill.WaitForExitAsync();
            }
        }
        return await cluster.EndedAsync(sweep);
    }

    /// <summary>The programs of this test that run, by the folder in which they run.</summary>
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
