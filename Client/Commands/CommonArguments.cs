using System.CommandLine;

namespace Client.Commands;

/// <summary>Arguments and options that several commands share.</summary>
public static class CommonArguments
{
    /// <summary>Which sweep: its id or the beginning of it.</summary>
    public static Argument<string?> Sweep() => new("sweep")
    {
        Description = "The sweep's id, or the beginning of it. Default: the newest.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Which run of the sweep.</summary>
    public static Argument<int> Run() => new("run") { Description = "The run's number." };

    /// <summary>A person's words for the log.</summary>
    public static Option<string> Why() => new("--why", "-m")
    {
        Description = "Your reason; it is kept in the sweep's log.",
        HelpName = "text",
        DefaultValueFactory = _ => "",
    };
}
