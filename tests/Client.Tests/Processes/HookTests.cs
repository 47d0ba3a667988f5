using System.Net;
using System.Text.Json;
using Sweeps.Core;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary><c>on_best</c> and <c>on_end</c> with the real command.</summary>
public sealed class HookTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Home => folder["home"];

    [UnixFact]
    public async Task A_command_gets_the_best_run_and_a_webhook_the_end()
    {
        using var listener = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort()}/hook/";
        listener.Prefixes.Add(address);
        listener.Start();
        var posted = ReceiveAsync(listener);
        File.WriteAllText(folder["best.sh"], "cat > last.json; echo \"$SWEEP $SWEEP_HOOK $SWEEP_STATUS $SWEEP_METRIC $SWEEP_RUN $SWEEP_VALUE $SWEEP_EPOCH\" >> bests\n");
        var file = Write($"on_best: {{command: [sh, best.sh], interval: 0.001}}\non_end: {address}");

        var check = SweepProcess.Run(Home, "check", file);
        Assert.Contains("on_best    runs sh best.sh, for 30 s at most, at most once in 0.001 s", check.Output, StringComparison.Ordinal);
        Assert.Contains($"on_end     posts to {new Uri(address).Authority}, for 30 s at most", check.Output, StringComparison.Ordinal);
        var (exit, output, errors) = SweepProcess.Run(Home, "run", file);

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        Assert.DoesNotContain("warning", errors, StringComparison.Ordinal);
        var best = JsonDocument.Parse(SweepProcess.Run(Home, "best", "-o", "json").Output).RootElement.GetProperty("best");
        var end = JsonDocument.Parse(await posted.WaitAsync(TimeSpan.FromMinutes(1))).RootElement;
        Assert.Equal("on_end", end.GetProperty("hook").GetString());
        Assert.Equal("finished", end.GetProperty("status").GetString());
        Assert.Equal(TinySweep.Only(Home), end.GetProperty("sweep").GetString());
        Assert.Equal(best.GetProperty("run").GetInt32(), end.GetProperty("run").GetInt32());
        Assert.Contains("has ended (finished): best value", end.GetProperty("text").GetString(), StringComparison.Ordinal);
        var last = JsonDocument.Parse(File.ReadAllText(folder["last.json"])).RootElement;
        Assert.Equal(end.GetProperty("value").GetDouble(), last.GetProperty("value").GetDouble());
        Assert.True(last.GetProperty("configuration").TryGetProperty("x1", out _));
        Assert.EndsWith(
            $" value {last.GetProperty("run")} {last.GetProperty("value").GetRawText()} {last.GetProperty("epoch")}",
            File.ReadLines(folder["bests"]).Last(), StringComparison.Ordinal);
        Assert.Single((await TinySweep.LogAsync(Home)).Select(logged => logged.Event).OfType<HookRan>(), ran => ran == new HookRan(Hook.End));
        Assert.Contains("on_end was called", SweepProcess.Run(Home, "tail").Output, StringComparison.Ordinal);
        Assert.Contains("--eta 2: the sweep stops no run early. Give the whole rule: --early-terminate '{type: asha, eta: 2}'", SweepProcess.Run(Home, "whatif", "--eta", "2").Errors, StringComparison.Ordinal);
    }

    [UnixFact]
    public void A_hook_that_fails_or_hangs_is_said_and_the_sweep_goes_on()
    {
        var file = Write("on_best: {command: [sleep, '100'], timeout: 0.3}\non_end: [sh, -c, 'echo no \u001b[31mserver >&2; exit 3']");

        var (exit, output, errors) = SweepProcess.Run(Home, "run", file);

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        Assert.Contains("warning: on_end failed: sh -c ended with exit code 3: no \\u001b[31mserver", errors, StringComparison.Ordinal);
        Assert.Contains("on_end failed: sh -c ended with exit code 3: no \\u001b[31mserver", SweepProcess.Run(Home, "show").Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("on_best failed: sleep 100 took longer than 0.3 s and was ended.", SweepProcess.Run(Home, "tail", "-n", "100").Output, StringComparison.Ordinal);
    }

    [UnixFact]
    public void An_end_that_a_kill_kept_from_being_announced_is_announced_by_resume()
    {
        File.WriteAllText(folder["end.sh"], "echo call >> calls; while [ ! -e go ]; do sleep 0.05; done\n");
        var file = Write("on_end: [sh, end.sh]");
        using (var killed = SweepProcess.Start(Home, "run", file))
        {
            Assert.True(killed.WaitUntil(() => File.Exists(folder["calls"])));
            killed.Kill();
        }
        File.WriteAllText(folder["go"], "");
        Assert.Contains("on_end was not called yet; call it with: ./sweep resume", SweepProcess.Run(Home, "show").Output, StringComparison.Ordinal);

        var (exit, output, errors) = SweepProcess.Run(Home, "resume");

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        Assert.Equal(2, File.ReadLines(folder["calls"]).Count());
        Assert.Contains("there is nothing to continue", SweepProcess.Run(Home, "resume").Errors, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadLines(folder["calls"]).Count());
    }

    [Fact]
    public void Mistakes_in_hooks_are_named_with_what_was_meant()
    {
        var file = Write("""
            on_bset: [echo]
            on_best: notify-send done
            on_end: {comand: [sh, x.sh], timeout: soon, interval: 3s}
            """);

        var errors = SweepProcess.Run(Home, "check", file).Errors;

        Assert.Contains("Unknown key 'on_bset' at the top of a sweep file. Did you mean 'on_best'?", errors, StringComparison.Ordinal);
        Assert.Contains("Write its words as a list: on_best: [notify-send, done]", errors, StringComparison.Ordinal);
        Assert.Contains("Unknown key 'comand' in 'on_end'. Did you mean 'command'?", errors, StringComparison.Ordinal);
        Assert.Contains("'on_end' needs a command or an address", errors, StringComparison.Ordinal);
        Assert.Contains("'on_end.timeout' must be a time above 0", errors, StringComparison.Ordinal);
        Assert.Contains("Unknown key 'interval' in 'on_end'", errors, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string Write(string hooks)
    {
        File.WriteAllText(folder["sweep.yaml"], """
            method: random
            run_cap: 8
            epochs: 2
            function: branin
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}

            """ + hooks);
        return folder["sweep.yaml"];
    }

    private static async Task<string> ReceiveAsync(HttpListener listener)
    {
        var call = await listener.GetContextAsync();
        using var reader = new StreamReader(call.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        call.Response.StatusCode = 204;
        call.Response.Close();
        return body;
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
