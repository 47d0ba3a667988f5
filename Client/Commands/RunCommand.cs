using System.CommandLine;
using Client.Running;
using Sweeps.Telemetry;

namespace Client.Commands;

/// <summary><c>sweep run</c></summary>
public sealed class RunCommand : SweepCommand
{
    private readonly Argument<FileInfo> file = new("file") { Description = "The sweep file (YAML)." };
    private readonly Option<bool> detach = new("--detach") { Description = "With a cluster: submit and return, without watching." };
    private readonly WorkArguments work = new();

    /// <summary>Builds the command.</summary>
    public RunCommand() : base("run", "Run a sweep file, on this machine or on a cluster.", Places.Home | Places.Cluster)
    {
        Arguments.Add(file);
        Options.Add(detach);
        work.AddTo(this);
    }

    /// <inheritdoc/>
    public override IEnumerable<Option> LocalOptions => work.All;

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, Session session, CancellationToken cancel)
    {
        var how = work.Read(parse);
        if (parse.GetValue(detach) && !session.Remote)
            throw new UsageException("--detach submits to a cluster and returns: give --cluster, or leave it out. On this machine the sweep runs in this process.");
        var (sweep, text) = SweepFiles.Read(parse.GetValue(file)!);
        foreach (var warning in sweep.Warnings)
            session.Terminal.Warn(warning.At(sweep.FileName));
        if (session.Remote)
            return await new ClusterRunner(session).SubmitAsync(text, sweep.FileName, sweep.Spec, parse.GetValue(detach), cancel);
        using var metrics = new SweepMetrics();
        using var served = how.ServeMetrics();
        return await new SweepRunner(session, metrics).StartAsync(text, sweep, how, cancel);
    }
}
