using Cluster.Monitoring;
using Tests.Shared;

namespace Cluster.Harness;

/// <summary>A user of the command line. Each command is a separate process.</summary>
/// <param name="home">The folder of sweeps on this machine.</param>
/// <param name="more">Options that are added to every command, such as the cluster.</param>
internal sealed class Person(string home, params string[] more)
{
    /// <summary>The path of the command in its project's output, in the configuration of this test.</summary>
    private static readonly string Command = Repository.Path(
        Path.Combine("Client", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "sweep.dll"));

    /// <summary>Runs a command that must succeed, and returns its output.</summary>
    public async Task<string> DoesAsync(string command)
    {
        var (code, output) = await RunAsync(command);
        return code == 0 ? output : throw new InvalidOperationException($"sweep {command} ended with {code}:\n{output}");
    }

    /// <summary>Runs a command that must fail with one sentence, optionally followed by a hint, and returns its output.</summary>
    public async Task<string> FailsAsync(string command, int expected = 2)
    {
        var (code, output) = await RunAsync(command);
        Assert.True(code == expected, $"sweep {command} ended with {code}:\n{output}");
        Assert.Single(output.Trim().Split('\n'), line => !line.StartsWith("See: ", StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
        return output;
    }

    /// <summary>Repeats a command until its output contains a text.</summary>
    public Task<string> SeesAsync(string command, string text) => Eventually.SeeAsync(
        $"sweep {command} shows {text}", () => DoesAsync(command), output => output.Contains(text, StringComparison.Ordinal), _ => 0, () => "");

    /// <summary>Starts a command without waiting for its end.</summary>
    public Task<GuardedProcess> StartAsync(string command) => GuardedProcess.StartAsync(
        "dotnet", [Command, .. command.Split(' '), .. more],
        new Dictionary<string, string?> { ["SWEEP_HOME"] = home, ["SWEEP_CLUSTER"] = null, ["SWEEP_STORE"] = null });

    private async Task<(int Code, string Output)> RunAsync(string command)
    {
        await using var process = await StartAsync(command);
        await process.Ended.WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, process.Output);
    }
}
