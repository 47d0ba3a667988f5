using Cluster.Harness;
using Sweeps.Core;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>
/// Programs on the silos of a cluster: client, silos and programs are killed, and epochs and winner must be those of an undisturbed sweep.
/// </summary>
public sealed class ProgramTests
{
    [PostgresFact]
    public async Task Kills_of_client_silos_and_programs_change_nothing_and_the_output_is_in_the_store()
    {
        await using var sweeps = await ProgramKills.StartAsync(runs: 6, epochs: 8);
        var undisturbed = await sweeps.RunAsync("calm-abcde", kills: 0, seed: 7);
        var disturbed = await sweeps.RunAsync("killed-abcde", kills: 4, seed: 7);

        await sweeps.AssertSameAsync(undisturbed, disturbed);
        Assert.NotEmpty(disturbed.Facts<RunLost>());
        Assert.Contains("train.sh", Assert.Single(disturbed.Facts<RunNoted>().Select(note => note.Text).Distinct()), StringComparison.Ordinal);
        var output = await new PostgresOutputs(sweeps.Cluster.Database).ReadAsync("calm-abcde", 0, 0, CancellationToken.None);
        Assert.Contains("run 0 epoch 2", System.Text.Encoding.UTF8.GetString(output.Bytes), StringComparison.Ordinal);
    }

    // A program that waits in the middle of its fourth and seventh epoch until it is moved, and ends with an error where its files are not those of before.
    private const string Moving = """
        epoch=$SWEEP_EPOCH
        if [ "$epoch" -gt 0 ]; then
          [ "$(head -n 1 "$SWEEP_CHECKPOINT/state")" = "$epoch" ] || { echo "the checkpoint of epoch $epoch is not here"; exit 9; }
          [ "$(wc -l < "$SWEEP_OUT/lines/history.txt")" -ge "$epoch" ] || { echo "the files of epoch $epoch are not here"; exit 8; }
        fi
        case $SWEEP_GENERATION in
          1) echo first > "$SWEEP_OUT/first.txt";;
          2) [ -e "$SWEEP_OUT/first.txt" ] || exit 7; rm "$SWEEP_OUT/first.txt";;
          3) [ ! -e "$SWEEP_OUT/first.txt" ] || { echo "a file is here again that was deleted on the other node"; exit 6; };;
        esac
        mkdir -p "$SWEEP_OUT/lines"
        echo "epoch $((epoch + 1)) of generation $SWEEP_GENERATION"
        while [ "$epoch" -lt 9 ]; do
          epoch=$((epoch + 1))
          if [ "$epoch" -gt $((3 * SWEEP_GENERATION)) ]; then exec sleep 5000; fi
          echo "epoch $epoch on generation $SWEEP_GENERATION" >> "$SWEEP_OUT/lines/history.txt"
          { echo $epoch; head -c 2000000 /dev/zero; } > "$SWEEP_CHECKPOINT/state"
          echo "{\"epoch\": $epoch, \"loss\": 1, \"checkpoint\": true, \"ask\": true}" >> "$SWEEP_REPORT"
          read answer < "$SWEEP_VERDICTS"
          case $answer in *continue*) ;; *) exit 0;; esac
        done
        """;

    [PostgresFact]
    public async Task A_run_that_moves_finds_its_checkpoint_and_its_files_on_the_other_node()
    {
        const string Sweep = "moving-abcde";
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["train.sh"], Moving);
        Directory.CreateDirectory(folder["checkpoints"]);
        await using var cluster = await ClusterHarness.StartAsync(silos: 2, slots: 1, "--programs", folder.Path, "--checkpoints", folder["checkpoints"]);
        var person = new Person(folder["home"], "--cluster", string.Join(',', cluster.Silos.Select(silo => $"127.0.0.1:{silo.GatewayPort}")));
        await cluster.SubmitAsync("""
            trainable: program
            program: train.sh
            command: [sh, '${program}', '${args}']
            method: grid
            epochs: 9
            stop_grace: 1s
            checkpoint: {epochs: 1}
            metric: {name: loss, goal: minimize}
            parameters: {x: {values: [1]}}
            """, Sweep);

        // Drained, the node stays: its files of the run are older than those of the other node when the run comes back.
        var first = (await KeptAsync(3)).Facts<RunAssigned>().Last();
        await using var follower = await person.StartAsync($"logs 0 {Sweep} -f");
        // Above 1 MB a checkpoint is a file of the shared folder.
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder["checkpoints"], Sweep, "r000000"), "e000003-g1-*"));
        await person.SeesAsync($"drain {first.Node}", "");
        var second = (await KeptAsync(6)).Facts<RunAssigned>().Last();
        await person.SeesAsync($"undrain {first.Node}", "");
        var killed = cluster.SiloOf(second);
        await killed.KillAsync();
        var log = await cluster.EndedAsync(Sweep);

        var nodes = log.Facts<RunAssigned>().Select(assigned => cluster.SiloOf(assigned).Name).ToList();
        Assert.True(nodes is [var one, var other, var again] && one == again && one != other, $"{string.Join(' ', nodes)}: {string.Join('\n', log.Facts<RunFailed>())}");
        SweepLog.AssertNothingIsLostOrDoubled(log);
        Assert.Equal(9, log.Epochs().Count());
        Assert.Empty(log.Facts<EpochsWasted>());
        // The output is that of all nodes.
        var output = await person.SeesAsync($"logs 0 {Sweep}", "epoch 7 of generation 3");
        Assert.Equal(["epoch 1 of generation 1", "epoch 4 of generation 2", "epoch 7 of generation 3"], output.Split('\n').Where(line => line.StartsWith("epoch", StringComparison.Ordinal)));
        // Whoever follows it sees each line once, although a silo was killed meanwhile, and leaves when the run has ended.
        await follower.Ended.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(follower.ExitCode == 0, follower.Output);
        Assert.Equal(
            ["epoch 1 of generation 1", "epoch 4 of generation 2", "epoch 7 of generation 3"],
            follower.Output.Split('\n').Where(line => line.StartsWith("epoch", StringComparison.Ordinal)));
        // The files of SWEEP_OUT are whole, whichever node wrote them.
        await person.SeesAsync($"artifacts 0 {Sweep} --to {folder["copied"]}", "");
        Assert.Equal(
            Enumerable.Range(1, 9).Select(epoch => $"epoch {epoch} on generation {(epoch + 2) / 3}"), File.ReadAllLines(folder["copied/lines/history.txt"]));
        Assert.Equal(["history.txt"], Directory.GetFiles(folder["copied"], "*", SearchOption.AllDirectories).Select(Path.GetFileName));

        // What the killed node's program still does, a silo that starts there ends.
        await killed.StartAsync();
        await Eventually.SeeAsync("no program is left", () => Task.FromResult(Living()), left => left == 0, left => left, () => killed.Output);

        int Living() => Directory.EnumerateDirectories("/proc").Count(process =>
        {
            try
            {
                return new FileInfo(Path.Combine(process, "cwd")).LinkTarget == folder.Path;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        });

        async Task<IReadOnlyList<LoggedEvent>> KeptAsync(int epoch)
        {
            await Eventually.SeeAsync(
                $"the checkpoint of epoch {epoch} is kept", () => cluster.Checkpoints.LoadAsync(Sweep, 0, CancellationToken.None),
                found => found?.Epoch == epoch, found => found?.Epoch ?? 0, () => "");
            return await cluster.RecordedAsync(Sweep, epoch);
        }
    }
}
