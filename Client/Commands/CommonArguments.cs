using System.CommandLine;
using Client.Local;
using Sweeps.Log.Folder;

namespace Client.Commands;

/// <summary>Arguments and options that several commands share.</summary>
public static class CommonArguments
{
    /// <summary>The argument that selects the sweep; null for the newest.</summary>
    public static Argument<string?> Sweep() => new("sweep")
    {
        CompletionSources = { _ => Known() },
        HelpName = "sweep",
        Description = "The sweep: its id, the beginning of it, its name, or fmnist@newest for the newest that begins so. Default: the newest.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The ids of this machine's sweeps, for shell completion.</summary>
    private static IEnumerable<string> Known()
    {
        var home = SweepHome.Default().Path;
        return Directory.Exists(home) ? Directory.EnumerateDirectories(home).Select(folder => Path.GetFileName(folder)!).Where(Sweeps.Log.SweepId.IsValid) : [];
    }

    public static Argument<int> Run() => new("run") { Description = "The run's number." };

    public static Option<string?> Metric(string description) => new("--metric") { Description = description, HelpName = "name" };

    public static Option<bool> Detach() => new("--detach") { Description = "Return at once: the sweep goes on in another process, or on the cluster. `watch` shows it, `stop` ends it." };

    public static Option<string?> Data() => new("--data") { Description = "Folder of data sets. Default: SWEEP_DATA, else what was downloaded before.", HelpName = "folder" };

    public static Option<string> Why() => new("--why", "-m")
    {
        Description = "Your reason; it is kept in the sweep's log.",
        HelpName = "text",
        DefaultValueFactory = _ => "",
    };
}

/// <summary>The options of commands that train: <c>--data</c>, <c>--slots</c> and <c>--metrics</c>.</summary>
/// <param name="withData">Whether the command has <c>--data</c>.</param>
public sealed class TrainingArguments(bool withData = true)
{
    private readonly Option<string?> data = CommonArguments.Data();
    private readonly Option<int?> slots = new("--slots") { Description = "How many runs train at a time. Default: one per core.", HelpName = "number" };

    private readonly Option<int?> metrics = new("--metrics") { Description = "Serve Prometheus metrics on this port of the loopback interface, at /metrics.", HelpName = "port" };

    public IReadOnlyList<Option> All => withData ? [data, slots, metrics] : [slots, metrics];

    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>The values of the options. Throws <see cref="UsageException"/> when one is out of range.</summary>
    public WorkOptions Read(ParseResult parse)
    {
        var count = parse.GetValue(slots);
        if (count is < 1 or > 4096)
            throw new UsageException($"--slots {count}: expected 1 … 4096.");
        var port = parse.GetValue(metrics);
        if (port is < 1 or > 65535)
            throw new UsageException($"--metrics {port}: expected a port, 1 … 65535.");
        return new WorkOptions(withData ? parse.GetValue(data) : null, count, port);
    }
}
