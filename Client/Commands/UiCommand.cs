using System.CommandLine;
using Client.Local;
using Client.Output;
using Client.Sources;

namespace Client.Commands;

/// <summary><c>sweep ui</c></summary>
public sealed class UiCommand : SweepCommand
{
    private const int DefaultPort = 8078;

    private readonly Argument<string?> sweep = CommonArguments.Sweep();
    private readonly Option<int> port = new("--port")
    {
        Description = $"Port of the loopback interface. Default: {DefaultPort}, or any free one when it is taken; 0 for any free one.",
        HelpName = "number",
        DefaultValueFactory = _ => DefaultPort,
    };

    public UiCommand() : base("ui", "Serve a page with charts and tables of all sweeps to a browser on this machine. Ctrl-C ends it.")
    {
        Arguments.Add(sweep);
        Options.Add(port);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var wanted = parse.GetValue(port);
        if (wanted is < 0 or > 65535)
            throw new UsageException($"--port {wanted}: expected a port, 0 … 65535.");
        await using var source = context.OpenSource();
        var id = parse.GetValue(sweep) is { } name ? await source.ResolveAsync(name, cancel) : null;
        await using var host = await PageHost.StartAsync(
            new PageSource(source, context.User), wanted, orAnyPort: !GlobalOptions.Given(parse, port), context.Time, cancel);
        var address = host.AddressOf(id);
        context.Terminal.Answer($"The sweeps of {source.Place} are at {address} until Ctrl-C.", json => json.WriteString("address", address));
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancel);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is the normal end of the command.
        }
        return ExitCode.Done;
    }
}
