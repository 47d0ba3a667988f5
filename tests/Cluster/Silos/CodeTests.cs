using System.Diagnostics;
using System.Text;
using Cluster.Harness;
using Sweeps.Core;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>A sweep whose code the client sends to silos that accept code, and the output files of its runs.</summary>
public sealed class CodeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // The program uses another file of the folder, prints which files arrived, and writes a file larger than a message.
    private const string Program = """
        . lib/losses.sh
        for argument in "$@"; do case $argument in --start=*) start=${argument#--start=};; esac; done
        find . -type f | sort; pwd; git log 2>&1 | head -1
        mkdir -p "$SWEEP_OUT/models"; head -c 2500000 /dev/zero > "$SWEEP_OUT/models/weights.bin"; echo "start $start" > "$SWEEP_OUT/note.txt"
        echo "@sweep {\"epoch\": 1, \"loss\": $(loss "$start")}"
        """;

    private const string Spec = """
        program: train.sh
        command: [sh, '${program}', '${args}']
        method: grid
        metric: {name: loss, goal: minimize}
        resources: {cpus: 1}
        parameters: {start: {values: [3, 1, 2]}}
        """;

    [PostgresFact]
    public async Task The_folder_of_the_program_is_sent_once_and_the_files_of_its_runs_come_back()
    {
        var project = Project();
        await using var cluster = await ClusterHarness.StartAsync(silos: 2, slots: 1, "--accept-code");
        var person = new Person(folder["home"], "--cluster", $"127.0.0.1:{cluster.Silos[0].GatewayPort}");

        // nodes shows the missing resources before code is sent.
        Assert.Contains("cores", await person.SeesAsync("nodes", cluster.Silos[1].SiloPort.ToString(System.Globalization.CultureInfo.InvariantCulture)), StringComparison.Ordinal);
        Assert.Contains("a run fits on 2 of 2 nodes", await person.DoesAsync($"check {project}/sweep.yaml"), StringComparison.Ordinal);
        File.WriteAllText(folder["large.yaml"], Spec.Replace("cpus: 1", "gpus: 3", StringComparison.Ordinal).Replace("program: ", "folder: project\nprogram: ", StringComparison.Ordinal));
        var lacking = await person.DoesAsync($"check {folder["large.yaml"]}");
        Assert.Contains("a run fits on 0 of 2 nodes", lacking, StringComparison.Ordinal);
        Assert.All(cluster.Silos, silo => Assert.Matches($"not on 127.0.0.1:{silo.SiloPort}@[0-9]+: it has 0 GPUs, a run needs 3", lacking));

        // Without a terminal the first use of the code needs an option; the command shows what would be executed.
        var asked = await person.StartAsync($"run {project}/sweep.yaml --with-code");
        await asked.Ended.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, asked.ExitCode);
        Assert.Matches("Code: 4 files of .*project, git [0-9a-f]+\\+changes, 1 kB packed", asked.Output);
        Assert.Contains("Left out, because they may hold secrets or are no files of the folder: .env, deploy.pem", asked.Output, StringComparison.Ordinal);
        Assert.Contains("executes, in its own copy of the folder: sh train.sh --start=3", asked.Output, StringComparison.Ordinal);
        Assert.Contains("without a question: --yes", asked.Output, StringComparison.Ordinal);
        Assert.Empty(await cluster.Log.ListAsync(CancellationToken.None));

        await person.DoesAsync($"run {project}/sweep.yaml --with-code --yes --detach --name coded");
        var sweep = Assert.Single(await cluster.Log.ListAsync(CancellationToken.None));
        var log = await cluster.EndedAsync(sweep);
        Assert.Equal(1, SweepLog.Winner(log, "loss"));

        // Each run had its own folder with the files that git lists; secret files were not sent.
        // The last output is stored after the last report, so the sweep may end before it is there.
        var output = await Eventually.SeeAsync(
            "the output is stored", async () => Encoding.UTF8.GetString((await new PostgresOutputs(cluster.Database).ReadAsync(sweep, 0, 0, CancellationToken.None)).Bytes),
            text => text.Contains("./.gitignore\n./lib/losses.sh\n./sweep.yaml\n./train.sh\n", StringComparison.Ordinal) && text.Contains("r000000-g1/code\n", StringComparison.Ordinal),
            text => text.Length, () => "");
        Assert.Matches("train.sh [0-9a-f]{12}, code [0-9a-f]{12}, git [0-9a-f]{7,12}\\+changes", log.Facts<RunNoted>().First().Text);
        Assert.DoesNotContain("s3cret", string.Concat(log.Select(logged => Sweeps.Log.EventText.Write(logged))) + output, StringComparison.Ordinal);

        // Output files can be read through any silo.
        var other = new Person(folder["home"], "--cluster", $"127.0.0.1:{cluster.Silos[1].GatewayPort}");
        Assert.Contains("2,500,000  models/weights.bin", await other.SeesAsync($"artifacts 1 {sweep}", "note.txt"), StringComparison.Ordinal);
        await other.DoesAsync($"artifacts 1 {sweep} --to {folder["copied"]}");
        Assert.Equal("start 1\n", File.ReadAllText(folder["copied/note.txt"]));
        Assert.Equal(2_500_000, new FileInfo(folder["copied/models/weights.bin"]).Length);

        // The same code is not sent again, so no confirmation is needed.
        Assert.Contains("in the cluster's store already", await person.DoesAsync($"run {project}/sweep.yaml --with-code --detach --name again"), StringComparison.Ordinal);

        // It stays while a sweep needs it, and for an hour after it was asked for.
        Assert.Contains("No code can be deleted", await person.DoesAsync("prune --older-than 0m --yes"), StringComparison.Ordinal);
        await cluster.ExecuteAsync("UPDATE program_code SET at = at - interval '2 hours'");
        Assert.Contains("No code can be deleted", await person.DoesAsync("prune --yes"), StringComparison.Ordinal);
        await cluster.EndedAsync(Assert.Single(await cluster.Log.ListAsync(CancellationToken.None), other => other != sweep));
        var code = new PostgresCode(cluster.Database);
        var archive = Assert.Single(await code.ListAsync(CancellationToken.None));
        await using var planned = await other.StartAsync("prune --older-than 0m");
        await planned.Ended.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains($"code {archive.Sha256[..12]}, which no sweep needs: ", planned.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was deleted", planned.Output, StringComparison.Ordinal);
        await other.DoesAsync("prune --older-than 0m --yes");
        Assert.Empty(await code.ListAsync(CancellationToken.None));

        // A silo that ends normally leaves nothing on its machine that is in the store.
        foreach (var silo in cluster.Silos)
        {
            silo.Signal("TERM");
            await silo.EndedAsync();
            Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), $"sweep-silo-{silo.SiloPort}-{Environment.UserName}")), silo.Output);
        }
    }

    [PostgresFact]
    public async Task Silos_that_were_not_told_to_take_code_get_none()
    {
        var project = Project();
        await using var cluster = await ClusterHarness.StartAsync(silos: 1, slots: 1, "--programs", project);
        var person = new Person(folder["home"], "--cluster", $"127.0.0.1:{cluster.Silos[0].GatewayPort}");
        await person.SeesAsync("nodes", "cores");

        Assert.Contains("start silos with --accept-code", await person.FailsAsync($"run {project}/sweep.yaml --with-code --yes"), StringComparison.Ordinal);
        // The node, not only the client, refuses a sweep file that names code.
        await cluster.SubmitAsync($"{Spec}\ncode: {{sha256: '{new string('a', 64)}'}}\ntrainable: program\n", "forged-abcde");
        await Eventually.SeeAsync(
            "the node refuses it", () => new ClusterClient().ObstaclesAsync(cluster, "forged-abcde"),
            said => said.Any(obstacle => obstacle.Contains("it takes no code from clients", StringComparison.Ordinal)), said => said.Length, () => "");
        // The program of a sweep without code is on the nodes; it may be missing on the client's machine.
        Directory.CreateDirectory(folder["elsewhere"]);
        File.WriteAllText(folder["elsewhere/sweep.yaml"], Spec);
        var check = await person.DoesAsync($"check {folder["elsewhere"]}/sweep.yaml");
        Assert.Contains("on this machine: a run needs a node that has it", string.Join(' ', check.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("a run fits on 1 of 1 node", check, StringComparison.Ordinal);
        Assert.Contains("There is no program", await person.FailsAsync($"run {folder["elsewhere"]}/sweep.yaml --with-code --yes"), StringComparison.Ordinal);
        await person.DoesAsync($"run {folder["elsewhere"]}/sweep.yaml --detach --name elsewhere");
        var elsewhere = Assert.Single(await cluster.Log.ListAsync(CancellationToken.None), sweep => sweep.StartsWith("elsewhere", StringComparison.Ordinal));
        Assert.Equal(1, SweepLog.Winner(await cluster.EndedAsync(elsewhere), "loss"));
        // Outside a git repository no code can be sent.
        Directory.CreateDirectory(folder["plain"]);
        File.WriteAllText(folder["plain/train.sh"], Program);
        File.WriteAllText(folder["plain/sweep.yaml"], Spec);
        Assert.Contains("git cannot list the files", await person.FailsAsync($"run {folder["plain"]}/sweep.yaml --with-code"), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Creates a repository with a commit, a changed file, an ignored one, and files with names of secrets.</summary>
    private string Project()
    {
        var project = folder["project"];
        Directory.CreateDirectory(Path.Combine(project, "lib"));
        Write("train.sh", Program);
        Write("lib/losses.sh", "loss() { echo $1; }\n");
        Write("sweep.yaml", Spec);
        Write(".gitignore", "results/\n*.log\n");
        Write("old.log", "s3cret");
        Write(".env", "TOKEN=s3cret");
        Write("deploy.pem", "s3cret");
        Git("init", "-q");
        Git("add", "-A");
        Git("-c", "user.name=tests", "-c", "user.email=tests@localhost", "commit", "-q", "-m", "A program");
        Write("lib/losses.sh", "loss() { echo $(($1 * 2)); }\n");
        return project;

        void Write(string path, string text) => File.WriteAllText(Path.Combine(project, path), text);

        void Git(params string[] arguments)
        {
            using var git = Process.Start("git", ["-C", project, .. arguments]);
            git.WaitForExit();
            Assert.Equal(0, git.ExitCode);
        }
    }
}
