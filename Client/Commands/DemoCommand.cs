using System.CommandLine;
using Client.Running;
using Client.Steering;
using Sweeps.Files;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary><c>sweep demo</c></summary>
public sealed class DemoCommand : SweepCommand
{
    private readonly WorkArguments work = new(withData: false);

    /// <summary>Builds the command.</summary>
    public DemoCommand() : base("demo", "A first sweep in seconds: no data, no network, no server.", Places.Home) => work.AddTo(this);

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
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        var how = work.Read(parse);
        var sweep = SweepFile.Parse(Text, "demo.yaml");
        using var metrics = new SweepMetrics();
        using var served = how.ServeMetrics();
        return await new SweepRunner(session, metrics).StartAsync(SpecEdit.ForLog(Text, sweep), sweep, how, cancel);
    }
}
