using System.CommandLine;
using Client.Local;
using Client.Output;
using Engine.Data;
using Sweeps.Core;
using Sweeps.Files;

namespace Client.Commands;

/// <summary><c>sweep check</c></summary>
public sealed class CheckCommand : SweepCommand
{
    private readonly SweepFileArgument file = new();

    private readonly Option<string?> data = CommonArguments.Data();

    private readonly Option<FileInfo?> tryLog = new("--try-log") { Description = "Show which reports the file would find in this output of the program.", HelpName = "log" };

    public CheckCommand() : base("check", "What a sweep file would do: its space, size, rungs, cost, first configurations. Opens its data; starts nothing.", SourceKinds.None)
    {
        file.AddTo(this);
        Options.Add(data);
        Options.Add(tryLog);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var (sweep, _) = await file.ReadAsync(parse, context, cancel);
        if (parse.GetValue(tryLog) is { } log)
        {
            TriedLog.Show(context.Terminal, sweep, log);
            return ExitCode.Done;
        }
        sweep = WithData(context, sweep, Trainables.Options(parse.GetValue(data)) with { Download = false }, cancel);
        var check = SpecCheck.Of(sweep);
        if (context.Terminal.Json)
            context.Terminal.WriteData(Write(check));
        else
            context.Terminal.Say(check.ToString().TrimEnd());
        return ExitCode.Done;
    }

    /// <summary>Opens the data. A published data set that is missing gives a warning, because <c>run</c> downloads it.</summary>
    private static SweepFile WithData(CommandContext context, SweepFile sweep, DataOptions options, CancellationToken cancel)
    {
        if (sweep.Spec.Trainable is TrainableSpec.Network { Dataset: var name } && PublishedDataset.All.FirstOrDefault(one => one.Name == name) is { } published
            && Trainables.FolderOf(published, options) is null)
            return sweep with { Warnings = [.. sweep.Warnings, new Diagnostic(sweep.TrainedLocation, $"{name} is not on this machine yet: `sweep run` downloads it.")] };
        return sweep with { Warnings = [.. sweep.Warnings, .. Trainables.Make(context, sweep, options, cancel).Warnings] };
    }

    private static string Write(SpecCheck check) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", check.Spec.Name);
        SweepJson.WriteNumber(json, "configurations", check.Space.Configurations);
        SweepJson.WriteNumber(json, "runs", check.Runs);
        SweepJson.WriteNumber(json, "most_epochs", check.Cost?.Epochs);
        json.WriteBoolean("epochs_exact", check.Cost is { Exact: true });
        json.WriteStartArray("warnings");
        foreach (var warning in check.File.Warnings)
            json.WriteStringValue(warning.At(check.File.FileName));
        json.WriteEndArray();
        json.WriteStartArray("samples");
        foreach (var sample in check.Samples)
        {
            json.WriteStartObject();
            json.WriteString("name", sample.Name);
            SweepJson.WriteConfiguration(json, sample.Configuration);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
