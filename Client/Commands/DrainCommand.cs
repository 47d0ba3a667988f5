using System.CommandLine;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep drain</c> and <c>sweep undrain</c></summary>
public sealed class DrainCommand : SweepCommand
{
    private readonly Argument<string> node = new("node") { Description = "The node's name as in `sweep nodes`, or the beginning of it." };
    private readonly bool drain;

    private DrainCommand(string name, string description, bool drain) : base(name, description, SourceKinds.Cluster)
    {
        this.drain = drain;
        Arguments.Add(node);
    }

    public static DrainCommand Drain() => new("drain", "Ask a node of a cluster to hand its runs over and take no more.", drain: true);

    public static DrainCommand Undrain() => new("undrain", "Have a draining node of a cluster ask for work again.", drain: false);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = context.OpenCluster();
        var name = await ResolveAsync(source, parse.GetValue(node)!, cancel);
        if (!await source.DrainAsync(name, drain, cancel))
            throw new UsageException($"The node {name} did not answer within seconds; it may have ended. Those that are there: ./sweep nodes");
        context.Terminal.Answer(
            drain
                ? $"{name} hands its runs over within seconds and takes no more. To have it work again: ./sweep undrain {name}"
                : $"{name} asks for work again.",
            json => json.WriteString("node", name));
        return ExitCode.Done;
    }

    /// <summary>The node whose name is <paramref name="wanted"/> or begins with it. Throws <see cref="UsageException"/> when there is none, or more than one.</summary>
    private static async Task<string> ResolveAsync(ClusterSource source, string wanted, CancellationToken cancel)
    {
        var names = (await source.NodesAsync(cancel)).Select(one => one.Name).ToList();
        if (names.Contains(wanted))
            return wanted;
        var begin = names.FindAll(name => name.StartsWith(wanted, StringComparison.Ordinal));
        return begin.Count switch
        {
            1 => begin[0],
            0 => throw new UsageException($"There is no node '{wanted}' in {source.Place}. Those that are there: {(names.Count == 0 ? "none" : string.Join(", ", names))}."),
            _ => throw new UsageException($"'{wanted}' is the beginning of {begin.Count} nodes: {string.Join(", ", begin)}. Give more of it."),
        };
    }
}
