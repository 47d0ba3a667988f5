using System.CommandLine;
using Client.Local;
using Client.Views;
using Sweeps.Core;

namespace Client.Commands;

/// <summary><c>sweep enqueue</c></summary>
public sealed class EnqueueCommand : SteerCommand
{
    private readonly Option<string[]> set = new("--set", "-s")
    {
        Description = "A parameter and its value: -s learning_rate=0.01 -s optimizer=adam. Every parameter of the sweep needs one.",
        HelpName = "name=value",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    public EnqueueCommand() : base("enqueue", "Add a configuration of your own; it is the next new run.") => Options.Add(set);

    /// <inheritdoc/>
    protected override SteerAction Read(ParseResult parse, SweepHistory history) =>
        new SteerAction.Enqueue(SweepFileEdit.Configuration(history.State.SpecText, parse.GetValue(set)!));
}
