using System.CommandLine;

namespace Client.Commands;

/// <summary>The values of <c>--output</c>.</summary>
public enum OutputFormat
{
    Text,

    /// <summary>The last line of standard output is one JSON object or array.</summary>
    Json,
}

/// <summary>The kinds of sources that a command can work on.</summary>
[Flags]
public enum SourceKinds
{
    None = 0,

    /// <summary>The folder of this machine: <c>--home</c>.</summary>
    Home = 1,

    /// <summary>The silos of a cluster: <c>--cluster</c>.</summary>
    Cluster = 2,

    /// <summary>A PostgreSQL store, read-only: <c>--store</c>.</summary>
    Store = 4,
}

/// <summary>The options of every command.</summary>
public static class GlobalOptions
{
    public static Option<string?> Home { get; } = new("--home")
    {
        Description = "Folder the sweeps are kept in. Default: SWEEP_HOME, else sweeps under the user's data folder.",
        HelpName = "folder",
        Recursive = true,
    };

    public static Option<string?> Cluster { get; } = new("--cluster")
    {
        Description = "Work with the cluster whose silos have these gateways, instead of this machine. Default: SWEEP_CLUSTER.",
        HelpName = "address:port,…",
        Recursive = true,
    };

    public static Option<string?> Store { get; } = new("--store")
    {
        Description = "Read the sweeps of a cluster's PostgreSQL store, whether or not silos run. Default: SWEEP_STORE.",
        HelpName = "connection string",
        Recursive = true,
    };

    public static Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "text for people, json for programs.",
        HelpName = "text|json",
        Recursive = true,
    };

    /// <summary>
    /// Whether the command line selects JSON. Reads the tokens, because the parser throws when it must return a value of an invalid command
    /// line.
    /// </summary>
    public static bool WantsJson(ParseResult parse) =>
        parse.GetResult(Output)?.Tokens.Any(token => token.Value.Equals("json", StringComparison.OrdinalIgnoreCase)) ?? false;

    /// <summary>The options that select a source. If one of them is given, the environment variables of all are ignored.</summary>
    public static IReadOnlyList<(Option<string?> Option, SourceKinds Kind)> Sources { get; } = [(Home, SourceKinds.Home), (Cluster, SourceKinds.Cluster), (Store, SourceKinds.Store)];

    /// <summary>Whether the command line has the option.</summary>
    public static bool Given(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>The value of <see cref="Cluster"/> or <see cref="Store"/>, or of its environment variable when the command line selects no source.</summary>
    public static string? LocationOf(ParseResult parse, Option<string?> option, string variable) =>
        Sources.Any(source => Given(parse, source.Option)) ? parse.GetValue(option)
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    public static IReadOnlyList<Option> All { get; } = [Home, Cluster, Store, Output];
}
