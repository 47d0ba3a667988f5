using System.Text.Json;
using Sweeps.Core;
using Sweeps.Log;
using Sweeps.Log.Folder;
using Tests.Shared;

namespace Client.Tests.Processes;

public class SweepListTests
{
    private const string File = """
        name: NAME
        method: random
        run_cap: 4
        epochs: 2
        function: branin
        metric: {name: value, goal: minimize}
        parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
        """;

    /// <summary>Code that clients have sent to a silo with this folder is deleted with the last sweep that needs it, and says what that frees.</summary>
    [Fact]
    public async Task Code_goes_with_the_last_sweep_that_needs_it()
    {
        using var folder = new TemporaryFolder();
        var home = new SweepHome(folder["home"]);
        var code = new FolderCode(home.Code, TimeProvider.System);
        byte[][] archives = [new byte[1500], new byte[2500], new byte[3500]];
        foreach (var archive in archives)
            await code.SaveAsync(archive, default);
        foreach (var file in Directory.GetFiles(home.Code))
            System.IO.File.SetLastWriteTimeUtc(file, DateTime.UtcNow - 2 * ICodeStore.Grace);
        using (var log = new FolderLog(home, TimeProvider.System))
            foreach (var (sweep, archive) in new[] { ("first-abcde", 0), ("second-abcde", 0), ("third-abcde", 1) })
            {
                var text = $"trainable: program\nprogram: train.py\nmethod: grid\nmetric: {{name: loss}}\nparameters: {{x: {{values: [1]}}}}\ncode: {{sha256: {ICodeStore.HashOf(archives[archive])}}}\n";
                await log.AppendAsync(sweep, [
                    new LoggedEvent(1, DateTimeOffset.UtcNow, new SweepCreated(sweep, text, "test")),
                    new LoggedEvent(2, DateTimeOffset.UtcNow, new SweepEnded(SweepOutcome.Stopped, new Reason("stop"))),
                ], default);
                log.Close(sweep);
            }
        string Do(int expected, params string[] args)
        {
            var (exit, output, errors) = SweepProcess.Run(home.Path, args);
            Assert.True(exit == expected, output + errors);
            return output + errors;
        }

        // The third archive belongs to no sweep; the first goes with the second of its sweeps, or when both are old.
        Assert.Contains($"code {ICodeStore.HashOf(archives[2])[..12]}, which no sweep needs: 3.5 kB", Do(2, "prune"), StringComparison.Ordinal);
        Do(0, "prune", "--yes");
        Assert.Equal(2, Directory.GetFiles(home.Code).Length);
        Assert.DoesNotContain("code", Do(2, "delete", "first"), StringComparison.Ordinal);
        Do(0, "delete", "first", "--yes");
        Assert.Equal(2, Directory.GetFiles(home.Code).Length);
        Assert.Contains($"code {ICodeStore.HashOf(archives[0])[..12]}, which no sweep needs: 1.5 kB", Do(2, "delete", "second"), StringComparison.Ordinal);
        Do(0, "delete", "second", "--yes");
        Assert.Equal(2500, new FileInfo(Assert.Single(Directory.GetFiles(home.Code))).Length);
        Assert.Contains("No sweep ended", Do(0, "prune", "--older-than", "1d", "--yes"), StringComparison.Ordinal);
        Do(0, "prune", "--older-than", "0m", "--yes");
        Assert.Empty(Directory.GetFiles(home.Code));
        Assert.Empty(await new FolderLog(home, TimeProvider.System).ListAsync(default));
    }

    [Fact]
    public void Sweeps_are_named_tagged_noted_found_and_deleted()
    {
        using var folder = new TemporaryFolder();
        var home = folder["home"];
        foreach (var name in (string[])["alpha", "alpha", "beta"])
        {
            System.IO.File.WriteAllText(folder["sweep.yaml"], File.Replace("NAME", name, StringComparison.Ordinal));
            Assert.Equal(0, SweepProcess.Run(home, "simulate", folder["sweep.yaml"], "--keep").ExitCode);
        }
        string Ok(params string[] args)
        {
            var (exit, output, errors) = SweepProcess.Run(home, args);
            Assert.True(exit == 0, $"{string.Join(' ', args)}: {errors}");
            return output;
        }
        string Refused(params string[] args)
        {
            var (exit, _, errors) = SweepProcess.Run(home, args);
            Assert.True(exit == 2, $"{string.Join(' ', args)}: {exit} {errors}");
            return errors;
        }
        string Best(string sweep) => JsonDocument.Parse(Ok("best", sweep, "-o", "json")).RootElement.GetProperty("sweep").GetString()!;

        // A sweep is found by the beginning of its name, as the newest of several, and by the name that a user gave.
        Assert.Contains("'alpha' fits 2 sweeps", Refused("best", "alpha"), StringComparison.Ordinal);
        Assert.Contains("alpha@newest", Refused("best", "alpha"), StringComparison.Ordinal);
        Assert.StartsWith("alpha-", Best("alpha@newest"), StringComparison.Ordinal);
        Assert.StartsWith("beta-", Best("@newest"), StringComparison.Ordinal);
        Ok("rename", "The base line", "beta");
        Assert.StartsWith("beta-", Best("The base line"), StringComparison.Ordinal);
        // A name that was given after the moment counts too, and only the sweep that is shown is mentioned.
        Assert.Single(Ok("best", "The base line", "--at", "50%").Split('\n'), line => line.Contains("as it was", StringComparison.Ordinal));
        Assert.Contains("the sweep comes last", Refused("rename", Best("beta"), "the other way round"), StringComparison.Ordinal);
        Assert.Contains("No sweep", Refused("best", "gamma@newest"), StringComparison.Ordinal);
        // A name that means another sweep is refused: otherwise a command with the name, such as delete, would act on that sweep.
        Assert.Contains("beginning of another sweep's id", Refused("rename", "alph", "beta"), StringComparison.Ordinal);
        Assert.Contains("means the newest sweep", Refused("rename", "beta@newest", "beta"), StringComparison.Ordinal);

        // Tags and notes of the sweep and of a run are in the log.
        Ok("tag", "good", "beta");
        Ok("tag", "odd", "beta", "--run", "2");
        Ok("note", "it \u001b[31mdiverges", "beta", "--run", "2");
        Assert.Contains("one word", Refused("tag", "two words", "beta"), StringComparison.Ordinal);
        Assert.Contains("no run 9", Refused("note", "x", "beta", "--run", "9"), StringComparison.Ordinal);
        var run = Ok("show", "beta", "--run", "2");
        Assert.Contains("#odd", run, StringComparison.Ordinal);
        Assert.Contains("noted on run 2: it \\u001b[31mdiverges", run, StringComparison.Ordinal);
        Ok("tag", "slow-1", "beta", "--run", "2");
        foreach (var condition in (string[])["tags == odd", "odd in tags", "tags == \"slow-1\"", "tags in [odd, none]"])
            Assert.Equal(2, JsonDocument.Parse(Ok("top", "beta", "--where", condition, "-o", "json")).RootElement[0].GetProperty("run").GetInt32());
        Assert.NotEqual(2, JsonDocument.Parse(Ok("top", "beta", "--where", "tags != odd", "-o", "json")).RootElement[0].GetProperty("run").GetInt32());
        Assert.Contains("is a list of words", Refused("top", "beta", "--where", "tags > odd"), StringComparison.Ordinal);
        Assert.Contains("has no second one that closes it", Refused("top", "beta", "--where", "tags == 'odd"), StringComparison.Ordinal);
        Assert.Contains("The tag 'slow-1' is removed from run 2", Ok("tag", "slow-1", "beta", "--run", "2", "--remove"), StringComparison.Ordinal);
        Assert.Equal(3, JsonDocument.Parse(Ok("list", "-o", "json")).RootElement.GetArrayLength());
        var tagged = Ok("list", "--tag", "good");
        Assert.Contains("The base line", tagged, StringComparison.Ordinal);
        Assert.Contains("branin", tagged, StringComparison.Ordinal);
        Assert.DoesNotContain("alpha", tagged, StringComparison.Ordinal);
        Assert.Contains("as it was", Ok("list", "--at", "2000-01-01 00:00") + Ok("best", "beta", "--at", "50%"), StringComparison.Ordinal);
        Ok("tag", "good", "beta", "--remove");
        Assert.Contains("has the tag good", Ok("list", "--tag", "good"), StringComparison.Ordinal);
        Assert.Contains("has no tag 'good'", Refused("tag", "good", "beta", "--remove"), StringComparison.Ordinal);

        // delete needs a confirmation and a sweep: without them it deletes nothing.
        Assert.Contains("missing", Refused("delete"), StringComparison.Ordinal);
        Assert.Contains("--yes", Refused("delete", "beta"), StringComparison.Ordinal);
        var kept = new SweepHome(home).Folder(Best("beta"));
        var checkpoint = Path.Combine(kept, "checkpoints", "r000002", "e000002-g1.checkpoint");
        Directory.CreateDirectory(Path.GetDirectoryName(checkpoint)!);
        System.IO.File.WriteAllBytes(checkpoint, new byte[5000]);
        System.IO.File.WriteAllBytes(Path.ChangeExtension(checkpoint, ".weights"), new byte[7]);
        Assert.Contains("--yes", Refused("prune"), StringComparison.Ordinal);
        Assert.Equal(5000, JsonDocument.Parse(Ok("prune", "--yes", "-o", "json")).RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal((false, true), (System.IO.File.Exists(checkpoint), System.IO.File.Exists(Path.ChangeExtension(checkpoint, ".weights"))));
        Assert.Contains("No sweep ended", Ok("prune", "--older-than", "1d"), StringComparison.Ordinal);
        Ok("delete", "beta", "alpha@newest", "--yes");
        Assert.StartsWith("alpha-", Best("alpha"), StringComparison.Ordinal);
        Assert.Equal(1, JsonDocument.Parse(Ok("list", "-o", "json")).RootElement.GetArrayLength());
        Ok("prune", "--older-than", "0m", "--yes");
        Assert.Contains("No sweeps", Ok("list"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(home));
    }
}
