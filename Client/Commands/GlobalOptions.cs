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

/// <summary>Places where a command can find what it works on.</summary>
[Flags]
public enum Places
{
    /// <summary>It needs no sweeps.</summary>
    None = 0,

    /// <summary>The folder of this machine: <c>--home</c>.</summary>
    Home = 1,

    /// <summary>The silos of a cluster: <c>--cluster</c>.</summary>
    Cluster = 2,

    /// <summary>A PostgreSQL store, which is only read: <c>--store</c>.</summary>
    Store = 4,
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

    /// <summary>The options that name a place. One that is typed is used instead of all that the environment names.</summary>
    public static IReadOnlyList<(Option<string?> Option, Places Location)> Named { get; } = [(Home, Places.Home), (Cluster, Places.Cluster), (Store, Places.Store)];

    /// <summary>Whether an option was typed.</summary>
    public static bool Typed(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>The value of <see cref="Cluster"/> or <see cref="Store"/>, or that of its variable when no place was typed.</summary>
    public static string? LocationOf(ParseResult parse, Option<string?> option, string variable) =>
        Named.Any(named => Typed(parse, named.Option)) ? parse.GetValue(option)
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [Home, Cluster, Store, Output];
}
