using System.CommandLine;
using Client.Running;

namespace Client.Commands;

/// <summary>The options of commands that train: <c>--data</c>, <c>--slots</c> and <c>--metrics</c>.</summary>
/// <param name="withData">Whether the command trains on a data set that may lie in a folder.</param>
public sealed class WorkArguments(bool withData = true)
{
    private readonly Option<string?> data = new("--data") { Description = "Folder of data sets. Default: SWEEP_DATA, else what was downloaded before.", HelpName = "folder" };
    private readonly Option<int?> slots = new("--slots") { Description = "How many runs train at a time. Default: one per core.", HelpName = "number" };

    private readonly Option<int?> metrics = new("--metrics") { Description = "Serve Prometheus metrics on this port of the loopback interface, at /metrics.", HelpName = "port" };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => withData ? [data, slots, metrics] : [slots, metrics];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>Their values. Throws <see cref="UsageException"/>.</summary>
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
