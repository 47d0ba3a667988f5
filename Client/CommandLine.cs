using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Client.Commands;
using Client.Local;
using Client.Output;
using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Log;

namespace Client;

/// <summary>The <c>sweep</c> command line: parses it, runs one command, and turns an exception into one message and an exit code.</summary>
public static class CommandLine
{
    private const string DebugVariable = "SWEEP_DEBUG";

    /// <summary>Disables response files, because <c>@newest</c> names a sweep.</summary>
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>All commands, in the order in which help lists them.</summary>
    public static RootCommand Build()
    {
        var root = new RootCommand("Hyperparameter sweeps: train many configurations, stop the bad ones early, keep the best.");
        foreach (var option in GlobalOptions.All)
            root.Options.Add(option);
        foreach (var command in Commands())
            root.Subcommands.Add(command);
        root.Subcommands.Add(new System.CommandLine.Command("store", "A PostgreSQL store.") { new StoreInitCommand() });
        return root;
    }

    private static IEnumerable<System.CommandLine.Command> Commands() =>
    [
        new DemoCommand(), new CheckCommand(), new RunCommand(), new SimulateCommand(), new ResumeCommand(), new ConfirmCommand(), new AuditCommand(), new WatchCommand(),
        new ListCommand(), new ShowCommand(), new BestCommand(), new TopCommand(), new CompareCommand(), new CurvesCommand(), new ConfusionCommand(), new TailCommand(), new WhyCommand(), new LogsCommand(), new ArtifactsCommand(), new ImportanceCommand(), new WhatIfCommand(), new ExportCommand(), new UiCommand(), new ReportCommand(), new TestCommand(), new PredictCommand(), new FeaturesCommand(),
        new DrillCommand(),
        new SteerSweepCommand("pause", "Start no new run; running runs continue to their next rung.", new SteerAction.Pause()),
        new SteerSweepCommand("stop", "End the sweep after the running runs have finished their assignments.", new SteerAction.Stop()),
        new SteerSweepCommand("cancel", "End the sweep now; unfinished epochs are lost.", new SteerAction.Cancel()),
        new ExtendCommand(), new EnqueueCommand(),
        new SteerRunCommand("stop-run", "Stop one run permanently.", run => new SteerAction.StopRun(run)),
        new SteerRunCommand("pin", "Never stop this run by a rule: it trains to its last epoch.", run => new SteerAction.PinRun(run)),
        new SteerRunCommand("promote", "Continue a run that waits or was stopped at a rung.", run => new SteerAction.PromoteRun(run)),
        AnnotateCommand.Rename(), AnnotateCommand.Tag(), AnnotateCommand.Note(), new DeleteCommand(), new PruneCommand(),
        new NodesCommand(), DrainCommand.Drain(), DrainCommand.Undrain(), new DataCommand(), new DoctorCommand(),
        new CompletionCommand(), new HelpCommand(), new VersionCommand(),
    ];

    /// <summary>Runs one command line in this process.</summary>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> args)
    {
        var output = new FaultTolerantWriter(Console.Out);
        Console.SetOut(output);
        var errors = new FaultTolerantWriter(Console.Error);
        Console.SetError(errors);
        Detached.Add(output);
        Detached.Add(errors);
        var parse = Build().Parse(args.Count > 0 ? args : ["--help"], Parsing);
        var terminal = Terminal.OfProcess(GlobalOptions.WantsJson(parse));
        var suggests = parse.Tokens.Any(token => token.Type == TokenType.Directive);
        if (!suggests && ParseMistakes.Of(parse) is { } mistake)
            return Report(terminal, ExitCode.Usage, mistake, $"See: {PathOf(parse.CommandResult)} --help");
        var exit = await InvokeAsync(parse, terminal);
        return output.Failure is { } lost && exit == ExitCode.Done
            ? Report(terminal, ExitCode.Failed, $"Standard output could not be written: {lost.TrimEnd('.')}. The command itself has succeeded.")
            : exit;
    }

    private static async Task<ExitCode> InvokeAsync(ParseResult parse, Terminal terminal)
    {
        using var interrupted = new CancellationTokenSource();
        // Closing the terminal sends SIGHUP; the sweep then writes its checkpoints as after Ctrl-C.
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            return (ExitCode)await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupted.Token);
        }
        catch (UsageException mistake)
        {
            return Report(terminal, ExitCode.Usage, mistake.Message);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return terminal.Json ? Report(terminal, ExitCode.Interrupted, "Interrupted.") : ExitCode.Interrupted;
        }
        catch (Exception trouble) when (trouble is OperationCanceledException or TimeoutException)
        {
            return Report(terminal, ExitCode.Failed, "The operation timed out. Try again.");
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or InvalidDataException or LogVersionException)
        {
            return Report(terminal, ExitCode.Failed, trouble.Message);
        }
        catch (Exception fault)
        {
            return Report(terminal, ExitCode.Failed, $"{fault.Message} This is a bug in sweep. Set {DebugVariable}=1 to see where it happened, and please report it.",
                Environment.GetEnvironmentVariable(DebugVariable) is { Length: > 0 } ? fault.ToString() : null);
        }

        // The first signal cancels the command, which writes its checkpoints. The second one has its default effect and ends the process.
        void Stop(PosixSignalContext signal)
        {
            // A detached sweep must survive when the terminal of the command that started it is closed or receives Ctrl-C.
            if (Detached.Sweep is not null && signal.Signal is (PosixSignal.SIGHUP or PosixSignal.SIGINT))
            {
                signal.Cancel = true;
                return;
            }
            if (interrupted.IsCancellationRequested)
                return;
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static string PathOf(CommandResult command) => command.Parent is CommandResult above ? $"{PathOf(above)} {command.Command.Name}" : "./sweep";

    private static ExitCode Report(Terminal terminal, ExitCode exit, string message, string? more = null)
    {
        var writer = terminal.Error.Profile.Out.Writer;
        if (terminal.Json)
        {
            writer.WriteLine(SweepJson.Error(message, exit));
            return exit;
        }
        Terminal.WriteSentence(terminal.Error, $"sweep: {message}");
        if (more is not null)
            writer.WriteLine(more);
        return exit;
    }
}
