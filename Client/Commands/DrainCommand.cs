using System.CommandLine;

namespace Client.Commands;

/// <summary><c>sweep drain</c></summary>
public sealed class DrainCommand : SweepCommand
{
    private readonly Argument<string> node = new("node") { Description = "The node's name, as in: sweep nodes" };

    /// <summary>Builds the command.</summary>
    public DrainCommand() : base("drain", "Ask a node of a cluster to hand its runs over and take no more.") => Arguments.Add(node);

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        await using var source = session.OpenCluster();
        var name = parse.GetValue(node)!;
        if (!await source.DrainAsync(name, cancel))
            throw new UsageException($"There is no node '{name}' in {source.Place}. Those that are there: ./sweep nodes");
        session.Terminal.Answer($"{name} hands its runs over within seconds and takes no more.", json => json.WriteString("node", name));
        return ExitCode.Done;
    }
}
