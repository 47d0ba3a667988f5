using System.CommandLine;
using Client.Sources;
using Sweeps.Log;

namespace Client.Commands;

/// <summary>A read-only command. With <c>--at</c> it shows sweeps as they were at an earlier point of their logs.</summary>
public abstract class ReadingCommand : SweepCommand
{
    private readonly Option<string?> at = new("--at")
    {
        Description = "As it was then: 14:32, '2026-03-01 14:32', +1:02:03 after its beginning, 62% of its events, seq:1234.",
        HelpName = "point",
    };

    /// <param name="name">Its name.</param>
    /// <param name="description">The description in the help.</param>
    protected ReadingCommand(string name, string description) : base(name, description) => Options.Add(at);

    /// <summary>Whether to print the point that <c>--at</c> selected; false for commands that read many sweeps.</summary>
    protected virtual bool SaysPoint => true;

    /// <inheritdoc/>
    protected sealed override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        await using var source = Open(parse.GetValue(at), context);
        await ShowAsync(parse, context, source, cancel);
        return ExitCode.Done;
    }

    /// <summary>
    /// Reads from <paramref name="source"/> and writes the result. Throws the exceptions of <see cref="SweepCommand.RunAsync"/>.
    /// </summary>
    protected abstract Task ShowAsync(ParseResult parse, CommandContext context, ISweepSource source, CancellationToken cancel);

    private ISweepSource Open(string? point, CommandContext context)
    {
        if (point is null)
            return context.OpenSource();
        try
        {
            var cut = LogCut.Parse(point, context.Time.LocalTimeZone);
            return new CutSource(context.OpenSource(), cut, sentence =>
            {
                if (SaysPoint)
                    context.Terminal.Say($"  {sentence}");
            });
        }
        catch (FormatException mistake)
        {
            throw new UsageException($"--at {mistake.Message}", mistake);
        }
    }
}
