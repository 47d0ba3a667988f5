using System.Text.Json;
using Sweeps.Core;

namespace Client.Tests.Processes;

public class StopAndExtendTests
{
    [Fact]
    public async Task A_stopped_sweep_is_resumed_an_extension_that_changes_nothing_says_so_and_a_damaged_folder_hides_no_other()
    {
        using var tiny = new TinySweep();
        var home = tiny.Home("stopped");
        // So many runs that the sweep cannot end before the signal arrives.
        using (var run = SweepProcess.Start(home, "run", tiny.File, "--set", "run_cap=200", "--slots", "1"))
        {
            Assert.True(run.WaitUntil(() => TinySweep.LogLength(home) > 3000), run.Errors);
            run.Interrupt();
            run.WaitForExit();
        }
        var sweep = TinySweep.Only(home)!;

        Ok(home, "stop", sweep);
        Assert.Contains("\"state\":\"stopped\"", Ok(home, "show", sweep, "-o", "json"), StringComparison.Ordinal);
        Ok(home, "resume", sweep, "--slots", "1");
        Assert.Contains("\"state\":\"finished\"", Ok(home, "show", sweep, "-o", "json"), StringComparison.Ordinal);
        Assert.Equal(200, (await TinySweep.LogAsync(home)).Count(logged => logged.Event is RunCreated));

        var (exit, output, errors) = SweepProcess.Run(home, "extend", sweep, "--run-cap", "7");
        Assert.True(exit == 0, errors);
        Assert.Contains("There is nothing more to do: the sweep has 200 runs and run_cap is 7.", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sweep resume", output + errors, StringComparison.Ordinal);
        Assert.Contains("run_cap: 7", await File.ReadAllTextAsync(Path.Combine(home, sweep, "sweep.yaml")), StringComparison.Ordinal);

        var names = Names(home);
        await File.WriteAllTextAsync(tiny.File, (await File.ReadAllTextAsync(tiny.File)).Replace("{values: [8, 16, 24]}", "{value: 8}", StringComparison.Ordinal));
        Ok(home, "extend", sweep, "--file", tiny.File, "--why", "small ones will do");
        Assert.Equal(names, Names(home));
        var file = Ok(home, "show", sweep, "--file");
        Assert.Contains("#   run_cap: 200 → 7", file, StringComparison.Ordinal);
        Assert.Contains(": small ones will do", file, StringComparison.Ordinal);
        Assert.Contains("#   parameters.hidden_size.value: (absent) → 8", file, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(home, "broken-abcde"));
        await File.WriteAllTextAsync(Path.Combine(home, "broken-abcde", "events.jsonl"), "{}\n{}\n{}\n");
        Directory.CreateDirectory(Path.Combine(home, "My notes"));
        await File.WriteAllTextAsync(Path.Combine(home, "My notes", "events.jsonl"), "");
        var listed = JsonDocument.Parse(Ok(home, "list", "-o", "json")).RootElement;
        Assert.Equal([sweep, "broken-abcde"], listed.EnumerateArray().Select(one => one.GetProperty("sweep").GetString()));
        Assert.Contains("broken-abcde", listed[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("broken-abcde cannot be read", Ok(home, "list"), StringComparison.Ordinal);
        Ok(home, "best");
    }

    private static List<string?> Names(string home) =>
        [.. JsonDocument.Parse(Ok(home, "top", "-n", "40", "-o", "json")).RootElement.EnumerateArray().Select(run => run.GetProperty("name").GetString())];

    private static string Ok(string home, params string[] args)
    {
        var (exit, output, errors) = SweepProcess.Run(home, args);
        Assert.True(exit == 0, $"{string.Join(' ', args)}: {errors}");
        return output;
    }
}
