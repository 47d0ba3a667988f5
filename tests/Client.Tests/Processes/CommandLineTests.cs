using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

public class CommandLineTests
{
    /// <summary>
    /// Every command once with its exit code, in an order in which each command finds its input. <c>MODEL</c>, <c>TABLE</c> … are files of
    /// the test.
    /// </summary>
    private static readonly (string Command, int Exit)[] Commands =
    [
        ("drill SWEEP", 2),
        ("run SWEEP --slots 1", 0), ("check SWEEP", 0), ("list", 0), ("show", 0), ("best", 0), ("top", 0), ("compare 0 1", 0), ("curves", 0), ("confusion", 0), ("tail", 0), ("why 0", 0), ("logs 99", 2), ("artifacts 99", 2), ("importance", 0),
        ("whatif --early-terminate none", 0), ("confirm --top 2 --seeds 3 --slots 1", 0), ("audit --epochs 3", 2), ("export --weights MODEL --runs RUNS", 0), ("predict MODEL EXAMPLES", 0), ("test nothing", 2), ("features MODEL glyphs OUTPUT", 2),
        ("resume", 2), ("extend --run-cap 6", 0), ("pause", 0), ("enqueue -s hidden_size=16 learning_rate=0.02", 0), ("pin 9", 2), ("promote 0", 2),
        ("stop-run 9", 2), ("cancel", 0), ("stop", 2), ("watch", 0), ("rename other", 0), ("tag good", 0), ("note fine --run 0", 0), ("prune --yes", 0), ("completion bash", 0), ("help run", 0), ("version", 0), ("delete nothing", 2), ("simulate FUNCTION", 0), ("demo --slots 0", 2), ("doctor", 0), ("data list", 0),
        ("data fetch nothing", 2), ("data push nothing", 2), ("data show nothing pictures.png", 2), ("store init", 2), ("ui nothing", 2), ("report nothing -o page.html", 2), ("nodes", 2), ("drain none", 2), ("undrain none", 2),
    ];

    [Fact]
    public void Every_command_answers_a_program_with_one_object()
    {
        using var folder = new TemporaryFolder();
        var files = Files(folder);

        foreach (var (command, exit) in Commands)
        {
            var words = command.Split(' ').Select(word => files.GetValueOrDefault(word, word));
            var (code, output, errors) = SweepProcess.Run(folder["home"], [.. words, "--output", "json"]);

            Assert.True(code == exit, $"{command}: {code}\n{output}{errors}");
            if (exit == 0)
            {
                Assert.True(output.TrimEnd().Split('\n').Length == 1, $"{command}: {output}");
                Assert.True(JsonDocument.Parse(output).RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array, command);
            }
            else
            {
                Assert.True(output.Length == 0, $"{command}: {output}");
                IsError(errors, exit);
            }
        }
    }

    [Fact]
    public void Every_command_is_in_the_table() => Assert.Equal(
        Leaves("", CommandLine.Build()).Order(),
        Commands.Select(one => string.Join(' ', one.Command.Split(' ').Take(one.Command.StartsWith("data ", StringComparison.Ordinal) || one.Command.StartsWith("store ", StringComparison.Ordinal) ? 2 : 1))).Order());

    /// <summary>A command line with a mistake, and a text that its message must contain.</summary>
    [Theory]
    [InlineData("There is no command 'runn'. Did you mean 'run'?", "runn")]
    [InlineData("There is no command 'fech'. Did you mean 'fetch'?", "data", "fech", "mnist")]
    [InlineData("There is no option '--rnu'. Did you mean '--run'?", "show", "--rnu", "3")]
    [InlineData("There is no option '--rnu'. Did you mean '--run'?", "show", "--rnu")]
    [InlineData("--columns needs a value, and there is no option '--wher'. Did you mean '--where'?", "top", "--columns", "--wher", "x > 1")]
    [InlineData("There is no option '--yess'. Did you mean '--yes'?", "delete", "demo", "--yess")]
    [InlineData("There is no command 'tpo'. Did you mean 'top'?", "help", "tpo")]
    [InlineData("There is no script for 'bsh'. Did you mean 'bash'?", "completion", "bsh")]
    [InlineData("There is no option '--hme'. Did you mean '--home'?", "data", "list", "--hme", "x")]
    [InlineData("The argument 'run' is missing. The run's number.", "why")]
    [InlineData("The argument 'dataset' is missing.", "features", "model.npz")]
    [InlineData("--set name=value is missing.", "enqueue")]
    [InlineData("There is no option '--slots'.", "enqueue", "-s", "a=1", "--slots", "2")]
    [InlineData("There is no option '--whyy'. Did you mean '--why'?", "enqueue", "-s", "a=1", "b=-2", "--whyy", "x")]
    [InlineData("--slots abc: expected a whole number", "demo", "--slots", "abc")]
    [InlineData("--slots: 1, 2 are 2 values; expected one.", "demo", "--slots", "1", "--slots", "2")]
    [InlineData("run 'abc': expected a whole number", "why", "abc")]
    [InlineData("-n needs a value: number.", "top", "-n")]
    [InlineData("'extra' is one argument too many: list takes none.", "list", "extra")]
    [InlineData("'x1=2' is one argument too many. To set a parameter: --set x1=2", "enqueue", "sweep-abcde", "x1=2")]
    [InlineData("Say what to do: data list, data fetch, data push, data show.", "data")]
    [InlineData("-o xml: expected text or json.", "list", "-o", "xml")]
    [InlineData("--slots 0", "demo", "--slots", "0")]
    [InlineData("--older-than 99999999999d: expected a number, at most 1000000,", "prune", "--older-than", "99999999999d")]
    [InlineData("no such file", "run", "nowhere.yaml", "--detach")]
    [InlineData("no such file", "run", "nowhere.yaml")]
    [InlineData("There are no sweeps", "show")]
    [InlineData("There are no sweeps", "resume", "demo-abcde")]
    public void A_mistake_is_said_in_one_sentence(string message, params string[] args)
    {
        using var folder = new TemporaryFolder();

        var (exit, output, errors) = SweepProcess.Run(folder["home"], args);

        Assert.Equal((int)ExitCode.Usage, exit);
        Assert.Empty(output);
        Assert.StartsWith("sweep: ", errors, StringComparison.Ordinal);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["home"]));
    }

    [Fact]
    public void A_store_that_does_not_answer_is_not_wrong_usage()
    {
        using var folder = new TemporaryFolder();

        var (exit, _, errors) = SweepProcess.Run(folder["home"], "store", "init", "--store", $"Host=127.0.0.1;Port={PostgresServer.FreePort()};Database=x;Username=x;Timeout=5");

        Assert.Equal((int)ExitCode.Failed, exit);
        Assert.Contains("The store could not be prepared", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_is_an_object_on_standard_error_for_a_program()
    {
        using var folder = new TemporaryFolder();

        var (exit, output, errors) = SweepProcess.Run(folder["home"], "-o", "json", "lst");

        Assert.Equal(2, exit);
        Assert.Empty(output);
        IsError(errors, 2);
    }

    private static void IsError(string errors, int exit)
    {
        var error = JsonDocument.Parse(errors.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(exit, error.GetProperty("exit_code").GetInt32());
        Assert.NotEmpty(error.GetProperty("error").GetString()!);
    }

    private static IEnumerable<string> Leaves(string path, System.CommandLine.Command command) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(below => Leaves($"{path} {below.Name}".Trim(), below));

    private static Dictionary<string, string> Files(TemporaryFolder folder)
    {
        File.WriteAllText(folder["ring.csv"], "x,y,label\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"0.{i:00},0.{i * 7 % 60:00},{(i % 3 == 0 ? "in" : "out")}\n")));
        File.WriteAllText(folder["examples.csv"], "x,y\n0.1,0.2\n0.5,0.4\n");
        File.WriteAllText(folder["ring.yaml"], $$"""
            dataset: 'csv:{{folder["ring.csv"]}}'
            method: random
            run_cap: 4
            epochs: 2
            metric: {name: val_loss, goal: minimize}
            parameters:
              hidden_size: {values: [8, 16]}
              learning_rate: {min: 0.001, max: 0.1}
            """);
        File.WriteAllText(folder["function.yaml"], """
            method: random
            run_cap: 2
            epochs: 1
            function: branin
            metric: {name: value, goal: minimize}
            parameters: {x1: {min: -5.0, max: 10.0}, x2: {min: 0.0, max: 15.0}}
            """);
        return new()
        {
            ["SWEEP"] = folder["ring.yaml"], ["FUNCTION"] = folder["function.yaml"], ["MODEL"] = folder["best.npz"], ["RUNS"] = folder["runs.csv"],
            ["EXAMPLES"] = folder["examples.csv"], ["OUTPUT"] = folder["features.npz"],
        };
    }
}
