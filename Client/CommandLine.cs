using System.CommandLine;
using System.Runtime.InteropServices;
using Client.Commands;
using Sweeps.Core;

namespace Client;

/// <summary>The <c>sweep</c> command line: parses, hands over to one command, turns what went wrong into one message and an exit code.</summary>
public static class CommandLine
{
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
        new DemoCommand(), new CheckCommand(), new RunCommand(), new SimulateCommand(), new ResumeCommand(), new WatchCommand(),
        new ListCommand(), new ShowCommand(), new BestCommand(), new TopCommand(), new WhyCommand(), new ImportanceCommand(), new WhatIfCommand(), new ExportCommand(), new PredictCommand(), new FeaturesCommand(),
        new SteerSweepCommand("pause", "Start nothing new; what runs goes on to its next rung.", new SteerAction.Pause()),
        new SteerSweepCommand("stop", "Let what runs finish its assignment, then end.", new SteerAction.Stop()),
        new SteerSweepCommand("cancel", "End now; running epochs are thrown away.", new SteerAction.Cancel()),
        new ExtendCommand(), new EnqueueCommand(),
        new SteerRunCommand("stop-run", "Stop one run for good.", run => new SteerAction.StopRun(run)),
        new SteerRunCommand("pin", "Never stop this run by a rule: it trains to its last epoch.", run => new SteerAction.PinRun(run)),
        new SteerRunCommand("promote", "Let a paused or stopped run go on past its rung.", run => new SteerAction.PromoteRun(run)),
        new NodesCommand(), new DrainCommand(), new DataCommand(), new DoctorCommand(),
    ];

    /// <summary>Runs one command line in this process.</summary>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> args)
    {
        var parse = Build().Parse(args);
        var terminal = Terminal.OfProcess(parse.GetValue(GlobalOptions.Output) == OutputFormat.Json);
        if (parse.Errors.Count > 0)
        {
            // When a word is unknown, that it is says more than what is missing without it.
            var message = parse.Errors.Select(error => error.Message).OrderByDescending(text => text.StartsWith("Unrecognized", StringComparison.Ordinal)).First();
            Complain(terminal, $"{message}{Environment.NewLine}See: ./sweep {PathOf(parse)}--help");
            return ExitCode.Usage;
        }

        using var interrupted = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return (ExitCode)await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupted.Token);
        }
        catch (UsageException mistake)
        {
            Complain(terminal, mistake.Message);
            return ExitCode.Usage;
        }
        catch (IOException trouble)
        {
            Complain(terminal, trouble.Message);
            return ExitCode.Failed;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Complain(terminal, $"{failure.Message}{Environment.NewLine}{failure}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }

        // The first signal asks politely; a second one finds the default behaviour and ends the process.
        void Stop(PosixSignalContext signal)
        {
            if (interrupted.IsCancellationRequested)
                return;
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static string PathOf(ParseResult parse) => parse.CommandResult.Command is RootCommand ? "" : parse.CommandResult.Command.Name + " ";

    private static void Complain(Terminal terminal, string message) => terminal.Error.Profile.Out.Writer.WriteLine($"sweep: {message}");
}
