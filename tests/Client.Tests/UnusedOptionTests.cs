using System.CommandLine;
using Client.Commands;

namespace Client.Tests;

/// <summary>
/// A command refuses an option that it would ignore. The table lists the sources and the training options of each command.
/// </summary>
public class UnusedOptionTests
{
    private const string Home = "--home", Cluster = "--cluster", Store = "--store", Slots = "--slots", Data = "--data", Metrics = "--metrics";

    /// <summary>A command line, and the options with values that it accepts.</summary>
    public static TheoryData<string, string[]> Commands => new()
    {
        { "demo", [Home, Slots, Metrics] },
        { "check file", [Cluster, Data] },
        { "run file", [Home, Cluster, Slots, Data, Metrics] },
        { "simulate file", [Home, Slots, Data] },
        { "resume", [Home, Cluster, Slots, Data, Metrics] },
        { "confirm", [Home, Cluster, Slots, Data, Metrics] },
        { "audit --epochs 9", [Home, Cluster, Slots, Data, Metrics] },
        { "drill file", [] },
        { "watch", [Home, Cluster, Store] },
        { "list", [Home, Cluster, Store] },
        { "show", [Home, Cluster, Store] },
        { "best", [Home, Cluster, Store] },
        { "top", [Home, Cluster, Store] },
        { "compare 1 2", [Home, Cluster, Store] },
        { "curves", [Home, Cluster, Store] },
        { "confusion", [Home, Cluster, Store, Data] },
        { "tail", [Home, Cluster, Store] },
        { "why 1", [Home, Cluster, Store] },
        { "importance", [Home, Cluster, Store] },
        { "whatif", [Home, Cluster, Store, Slots] },
        { "logs 1", [Home, Cluster, Store] },
        { "artifacts 1", [Home, Cluster, Store] },
        { "export", [Home, Cluster, Store] },
        { "ui", [Home, Cluster, Store] },
        { "report -o page.html", [Home, Cluster, Store] },
        { "predict model file", [Data] },
        { "test", [Home, Cluster, Slots, Data, Metrics] },
        { "features model data file", [Data] },
        { "pause", [Home, Cluster] },
        { "stop", [Home, Cluster] },
        { "cancel", [Home, Cluster] },
        { "extend", [Home, Cluster] },
        { "enqueue -s a=1 -m x", [Home, Cluster] },
        { "stop-run 1", [Home, Cluster] },
        { "pin 1", [Home, Cluster] },
        { "promote 1", [Home, Cluster] },
        { "rename name", [Home, Cluster] },
        { "tag word", [Home, Cluster] },
        { "note text", [Home, Cluster] },
        { "delete sweep", [Home] },
        { "prune", [Home, Cluster] },
        { "completion bash", [] },
        { "help", [] },
        { "version", [] },
        { "nodes", [Cluster] },
        { "drain node", [Cluster] },
        { "undrain node", [Cluster] },
        { "data list", [Data] },
        { "data fetch mnist", [Data] },
        { "data push mnist", [Store, Data] },
        { "data show mnist file.png", [Data] },
        { "doctor", [Home, Cluster, Store] },
        { "store init", [Store] },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_takes_the_options_that_it_uses_and_refuses_the_others(string line, string[] taken)
    {
        foreach (var option in (string[])[Home, Cluster, Store, Slots, Data, Metrics])
        {
            var mistake = MistakeOf($"{line} {option} 1");
            Assert.True(taken.Contains(option) == mistake is null, $"{line} {option}: {mistake ?? "taken"}");
        }
        Assert.Null(MistakeOf($"{line} --output json"));
    }

    [Theory]
    [InlineData("run file --cluster a:1 --slots 2", "--slots has no effect on the cluster at a:1")]
    [InlineData("resume --metrics 90 --cluster a:1", "--metrics has no effect on the cluster at a:1")]
    [InlineData("run file --data here --cluster a:1", "--data has no effect on the cluster at a:1")]
    [InlineData("show --cluster a:1 --store b", "--cluster and --store name different places")]
    [InlineData("pause --home h --cluster a:1", "--home and --cluster name different places")]
    [InlineData("pause --store b", "A store is read-only. pause needs the silos")]
    [InlineData("demo --cluster a:1", "--cluster has no effect on demo")]
    public void An_option_without_effect_is_named(string line, string mistake)
    {
        Assert.StartsWith(mistake, MistakeOf(line), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_every_command()
    {
        Assert.Equal(
            Leaves(CommandLine.Build(), "").Order(StringComparer.Ordinal),
            Commands.Select(row => string.Join(' ', ((string)row[0]).Split(' ').TakeWhile((_, i) => i < ((string)row[0] is ['d', 'a', 't', 'a', ..] or ['s', 't', 'o', 'r', ..] ? 2 : 1))))
                .Order(StringComparer.Ordinal));
    }

    private static string? MistakeOf(string line) => ParseMistakes.Of(CommandLine.Build().Parse(line.Split(' ')));

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(below => Leaves(below, path.Length == 0 ? below.Name : $"{path} {below.Name}"));
}
