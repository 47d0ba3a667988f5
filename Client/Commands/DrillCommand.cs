using System.CommandLine;
using System.Globalization;
using Client.Output;
using Sweeps.Files;
using Sweeps.Log.Folder;
using Sweeps.Programs;
using Sweeps.Programs.Drill;
using Sweeps.Programs.Python;

namespace Client.Commands;

/// <summary><c>sweep drill</c></summary>
public sealed class DrillCommand : SweepCommand
{
    private const int MinEpochs = 4, DefaultEpochs = 6;

    private readonly SweepFileArgument file = new();

    private readonly Option<int> epochs = new("--epochs")
    {
        Description = $"How many epochs each trial has, at least {MinEpochs}. Default: {DefaultEpochs}.",
        HelpName = "number",
        DefaultValueFactory = _ => DefaultEpochs,
    };

    public DrillCommand() : base("drill", "Prove that a program can be paused, killed, moved and resumed: compares it with an undisturbed run.", SourceKinds.None)
    {
        file.AddTo(this);
        Options.Add(epochs);
    }

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
    {
        var count = parse.GetValue(epochs);
        if (count < MinEpochs)
            throw new UsageException($"--epochs {count}: expected at least {MinEpochs}.");
        var (sweep, _) = await file.ReadAsync(parse, context, cancel);
        if (sweep.Spec.Trainable is not ProgramSpec program)
            throw new UsageException($"{sweep.FileName} runs no program: a drill goes with 'program' or 'command'. Networks of sweep resume bit for bit.");
        var configuration = SpecCheck.Of(sweep).Samples[0].Configuration;
        context.Terminal.Say($"{program.Name}, {count} epochs a trial, with {configuration}");
        var folder = Directory.CreateTempSubdirectory("sweep-drill-");
        try
        {
            var host = new ProgramHost
            {
                Work = _ => Path.Combine(folder.FullName, "work"),
                Outputs = new FolderOutputs(new SweepHome(folder.FullName)),
                Artifacts = _ => Path.Combine(folder.FullName, "artifacts"),
                Modules = new(() => PythonModules.Unpack(context.Home.Python)),
            };
            var drill = new ProgramDrill(program, sweep.Spec.Objective.Name, configuration, host, count, context.Time);
            // A trial blocks while it waits for processes, so it runs on its own thread, like the runs of a sweep.
            var results = await Task.Factory.StartNew(() => Show(context.Terminal, drill.Run(cancel)), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return Finish(context.Terminal, results);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<DrillResult> Show(Terminal terminal, IEnumerable<DrillResult> running)
    {
        var results = new List<DrillResult>();
        foreach (var result in running)
        {
            results.Add(result);
            terminal.Say(result.Fault is null ? $"  {result.Disturbance}: the same" : $"  {result.Disturbance}: {result.Fault}");
        }
        return results;
    }

    private static ExitCode Finish(Terminal terminal, List<DrillResult> results)
    {
        var faults = results.Count(result => result.Fault is not null);
        terminal.Answer(faults == 0 ? "Sound: the program goes on as if nothing had happened." : string.Create(CultureInfo.InvariantCulture, $"Not sound: {faults} of {results.Count} trials failed."), json =>
        {
            json.WriteBoolean("sound", faults == 0);
            json.WriteStartArray("trials");
            foreach (var result in results)
            {
                json.WriteStartObject();
                json.WriteString("disturbance", result.Disturbance);
                json.WriteString("fault", result.Fault);
                SweepJson.WriteNumber(json, "difference", double.IsFinite(result.Difference) ? result.Difference : null);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return faults == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
