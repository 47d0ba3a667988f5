using System.CommandLine;
using Client.Rendering;
using Sweeps.Spec;

namespace Client.Commands;

/// <summary><c>sweep check</c></summary>
public sealed class CheckCommand : SweepCommand
{
    private readonly Argument<FileInfo> file = new("file") { Description = "The sweep file (YAML)." };

    /// <summary>Builds the command.</summary>
    public CheckCommand() : base("check", "What a sweep file would do: its space, size, rungs, cost, first configurations. Starts nothing.") => Arguments.Add(file);

    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        var (sweep, _) = SweepFiles.Read(parse.GetValue(file)!);
        var check = SpecCheck.Of(sweep);
        if (session.Terminal.Json)
            session.Terminal.WriteData(Write(check));
        else
            session.Terminal.Say(check.ToString().TrimEnd());
        return Task.FromResult(ExitCode.Done);
    }

    private static string Write(SpecCheck check) => SweepJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", check.Spec.Name);
        SweepJson.WriteNumber(json, "configurations", check.Configurations);
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
