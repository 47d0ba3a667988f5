using System.CommandLine;
using Client.Local;
using Client.Output;

namespace Client.Commands;

/// <summary><c>sweep simulate</c></summary>
public sealed class SimulateCommand : SweepCommand
{
    /// <summary>The largest number of virtual slots. Each slot takes memory.</summary>
    public const int MaxSlots = 1_000_000;

    private readonly Argument<FileInfo[]> files = new("file")
    {
        Description = "Sweep files (YAML) with 'trainable: function' or 'trainable: table'.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<int> slots = new("--slots") { Description = "How many runs train at a time. Default: 1.", HelpName = "number", DefaultValueFactory = _ => 1 };
    private readonly Option<int> repeat = new("--repeat") { Description = "With so many seeds, from the file's own on. Default: 1.", HelpName = "number", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> rules = new("--early-terminate")
    {
        Description = "Another rule, or several to compare: its name, or as in a sweep file: {type: asha_stopping, eta: 4}.",
        HelpName = "rule",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> data = new("--data") { Description = "Folder of tables. Default: SWEEP_DATA.", HelpName = "folder" };
    private readonly Option<bool> keep = new("--keep") { Description = "Keep the simulated sweep, for why, importance, top, whatif." };

    public SimulateCommand() : base("simulate", "Run sweeps over a function or a table on virtual slots: epochs, time, best, regret, in seconds. Trains nothing.", SourceKinds.Home)
    {
        Arguments.Add(files);
        foreach (var option in (Option[])[slots, repeat, rules, data, keep])
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var (count, seeds, kept) = (parse.GetValue(slots), parse.GetValue(repeat), parse.GetValue(keep));
        var (read, stopping) = (parse.GetValue(files)!, parse.GetValue(rules) ?? []);
        if (count is < 1 or > MaxSlots)
            throw new UsageException($"--slots {count}: expected 1 … {MaxSlots}.");
        if (seeds is < 1 or > 1_000_000)
            throw new UsageException($"--repeat {seeds}: expected 1 … 1000000.");
        if (kept && (seeds > 1 || read.Length > 1 || stopping.Length > 1))
            throw new UsageException("--keep keeps one sweep: name one file, at most one --early-terminate, and no --repeat.");
        if (kept && context.Remote)
            throw new UsageException("--keep keeps a sweep on this machine; leave out --cluster and --store (SWEEP_CLUSTER, SWEEP_STORE).");
        var began = context.Now;
        var runner = new SimulationRunner(context, parse.GetValue(data), count, seeds);
        var variants = runner.Run(read, stopping, kept, cancel);
        var id = kept ? await runner.KeepAsync(variants[0], began, cancel) : null;
        if (context.Terminal.Json)
            context.Terminal.WriteData(SimulationJson.Of(variants, count, id));
        else
            context.Terminal.Out.Write(SimulationTable.Build(variants, count, Math.Min(120, context.Terminal.Width)));
        if (id is not null && !context.Terminal.Json)
            context.Terminal.Say($"{Environment.NewLine}  Kept as {id}: ./sweep top {id}");
        foreach (var (variant, sweep) in variants.SelectMany(variant => variant.Sweeps.Where(sweep => sweep.Failure is not null).Take(1).Select(sweep => (variant, sweep))))
            context.Terminal.Warn($"{variant.Label}, seed {sweep.Seed}: failed: {sweep.Failure}.");
        return variants.Any(variant => variant.Sweeps.Any(sweep => sweep.Failure is not null)) ? ExitCode.Failed : ExitCode.Done;
    }
}
