using System.CommandLine;
using Client.Local;
using Sweeps.Files;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary><c>sweep demo</c></summary>
public sealed class DemoCommand : SweepCommand
{
    private readonly TrainingArguments work = new(withData: false);

    public DemoCommand() : base("demo", "A first sweep in seconds: no data, no network, no server.", SourceKinds.Home) => work.AddTo(this);

    /// <summary>The sweep file of the demo; <c>experiments/demo.yaml</c>.</summary>
    public static string Text
    {
        get
        {
            using var stream = typeof(DemoCommand).Assembly.GetManifestResourceStream("demo.yaml")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var how = work.Read(parse);
        var sweep = SweepFile.Parse(Text, "demo.yaml");
        using var metrics = new SweepMetrics();
        using var served = how.ServeMetrics();
        return await new SweepRunner(context, metrics).StartAsync(SweepFileEdit.ForLog(Text, sweep), sweep, how, cancel);
    }
}
