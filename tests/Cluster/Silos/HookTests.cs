using Cluster.Harness;
using Sweeps.Core;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>Hooks of a sweep on a cluster: the silo with the coordinator calls them, if its options allow it.</summary>
public sealed class HookTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [PostgresFact]
    public async Task A_silo_runs_commands_of_its_folders_and_posts_to_its_hosts_only()
    {
        File.WriteAllText(folder["best.sh"], "cat >> bests; echo >> bests; echo \"${SILO_STORE:-no store}\" >> stores\n");
        await using var cluster = await ClusterHarness.StartAsync(silos: 1, slots: 1, "--programs", folder.Path, "--webhooks", "hooks.example.org");
        await cluster.SubmitAsync("""
            method: random
            run_cap: 4
            epochs: 2
            function: branin
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
            on_best: [sh, best.sh]
            on_end: http://127.0.0.1:9/
            """, "hooks-abcde");

        var events = await cluster.UntilAsync("hooks-abcde", "both hooks were called",
            seen => seen.Facts<HookRan>().Any(ran => ran.Name == Hook.End) && seen.Facts<HookRan>().Any(ran => ran is { Name: Hook.Best, Error: null }));

        Assert.Contains("posts nothing to 127.0.0.1:9: start the silos with --webhooks 127.0.0.1", events.Facts<HookRan>().Single(ran => ran.Name == Hook.End).Error, StringComparison.Ordinal);
        Assert.Contains("\"hook\":\"on_best\"", File.ReadAllText(folder["bests"]), StringComparison.Ordinal);
        Assert.All(File.ReadLines(folder["stores"]), line => Assert.Equal("no store", line));

        await cluster.SubmitAsync("""
            method: random
            run_cap: 1
            epochs: 1
            function: branin
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
            on_end: [sh, -c, 'id > stolen']
            """, "shell-abcde");
        var refused = await cluster.UntilAsync("shell-abcde", "the shell is refused", seen => seen.Facts<HookRan>().Any());
        Assert.Contains("may not run on the node that coordinates the sweep", refused.Facts<HookRan>().Single().Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["stolen"]));
    }

    public void Dispose() => folder.Dispose();
}
