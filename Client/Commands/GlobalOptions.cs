using System.CommandLine;

namespace Client.Commands;

/// <summary>How results are written.</summary>
public enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: the last line of standard output is one JSON object.</summary>
    Json,
}

/// <summary>Options every command understands.</summary>
public static class GlobalOptions
{
    /// <summary>The folder sweeps are kept in.</summary>
    public static Option<string?> Home { get; } = new("--home")
    {
        Description = "Folder the sweeps are kept in. Default: SWEEP_HOME, else sweeps under the user's data folder.",
        HelpName = "folder",
        Recursive = true,
    };

    /// <summary>The gateways of a cluster.</summary>
    public static Option<string?> Cluster { get; } = new("--cluster")
    {
        Description = "Work with the cluster whose silos have these gateways, instead of this machine. Default: SWEEP_CLUSTER.",
        HelpName = "address:port,…",
        Recursive = true,
    };

    /// <summary>A PostgreSQL store.</summary>
    public static Option<string?> Store { get; } = new("--store")
    {
        Description = "Read the sweeps of a cluster's PostgreSQL store, whether or not silos run. Default: SWEEP_STORE.",
        HelpName = "connection string",
        Recursive = true,
    };

    /// <summary>Text or JSON.</summary>
    public static Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "text for people, json for programs.",
        HelpName = "text|json",
        Recursive = true,
    };

    /// <summary>Whether the command line asks for JSON, also when it has mistakes, which make the parser refuse to give a value.</summary>
    public static bool WantsJson(ParseResult parse) =>
        parse.GetResult(Output)?.Tokens.Any(token => token.Value.Equals("json", StringComparison.OrdinalIgnoreCase)) ?? false;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [Home, Cluster, Store, Output];
}
