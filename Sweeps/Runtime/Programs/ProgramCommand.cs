using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sweeps.Core;

namespace Sweeps.Programs;

/// <summary>
/// The command line of a run with W&amp;B's macros. A macro is a whole entry of <c>command</c> and expands to any number of arguments; only
/// <c>${envvar:NAME}</c> may be a part of an entry.
/// </summary>
public static partial class ProgramCommand
{
    /// <summary>The command of a sweep file without <c>command</c>, as at W&amp;B.</summary>
    public static IReadOnlyList<string> Default { get; } = ["${env}", "${interpreter}", "${program}", "${args}"];

    /// <summary>The default command for an executable file, such as a shell script.</summary>
    public static IReadOnlyList<string> OfExecutable { get; } = ["${program}", "${args}"];

    /// <summary>Every macro, for messages.</summary>
    public static IReadOnlyList<string> Macros { get; } =
    [
        "${env}", "${interpreter}", "${program}", "${args}", "${args_no_equals}", "${args_no_hyphens}", "${args_no_boolean_flags}",
        "${args_append_hydra}", "${args_override_hydra}", "${args_json}", "${args_json_file}", "${envvar:NAME}",
    ];

    /// <summary>Whether an entry has the form of a macro, known or unknown.</summary>
    public static bool IsMacro(string entry) => Macro().IsMatch(entry);

    /// <summary>Whether an entry is a macro that is not known.</summary>
    public static bool IsUnknownMacro(string entry) => IsMacro(entry) && !Macros.Contains(entry) && !WholeVariable().IsMatch(entry);

    /// <summary>Replaces the macros.</summary>
    /// <param name="command">The entries.</param>
    /// <param name="values">The values of the macros.</param>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> command, CommandValues values) =>
        [.. command.SelectMany(entry => Expand(Variables().Replace(entry, match => values.Variable(match.Groups[1].Value) ?? match.Groups[1].Value), values))];

    /// <summary>Returns the macro itself in place of an environment variable, for command lines that are shown, because the value may be a secret.</summary>
    public static string Unread(string variable) => $"${{envvar:{variable}}}";

    /// <summary>Joins arguments to a command line of a shell, with quotes where needed. For display only: quotes in arguments are not escaped.</summary>
    public static string Shell(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(argument =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./:,@%+".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument}'"));

    /// <summary>
    /// Returns the configuration in the form of W&amp;B's agent: a parameter of a group is a member of the group's map.
    /// </summary>
    public static Value.Map Arguments(Configuration configuration, IReadOnlySet<string> groups)
    {
        var root = ImmutableSortedDictionary.CreateBuilder<string, Value>(StringComparer.Ordinal);
        foreach (var (name, value) in configuration)
            Put(root, name, "", value, groups);
        return new Value.Map(root.ToImmutable());
    }

    private static void Put(
        ImmutableSortedDictionary<string, Value>.Builder into, string name, string prefix, Value value, IReadOnlySet<string> groups)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (!groups.Contains(prefix + name[..dot]))
                continue;
            var members = (into.TryGetValue(name[..dot], out var known) && known is Value.Map map ? map.Items : ImmutableSortedDictionary<string, Value>.Empty)
                .WithComparers(StringComparer.Ordinal).ToBuilder();
            Put(members, name[(dot + 1)..], $"{prefix}{name[..(dot + 1)]}", value, groups);
            into[name[..dot]] = new Value.Map(members.ToImmutable());
            return;
        }
        into[name] = value;
    }

    private static IEnumerable<string> Expand(string entry, CommandValues values) => entry switch
    {
        "${env}" => values.Env,
        "${interpreter}" => [values.Interpreter],
        "${program}" => values.Program is { } program ? [program] : [],
        "${args}" => Each(values, (name, value) => [$"--{name}={value}"]),
        "${args_no_equals}" => Each(values, (name, value) => [$"--{name}", value]),
        "${args_no_hyphens}" => Each(values, (name, value) => [$"{name}={value}"]),
        "${args_append_hydra}" => Each(values, (name, value) => [$"+{name}={value}"]),
        "${args_override_hydra}" => Each(values, (name, value) => [$"++{name}={value}"]),
        "${args_no_boolean_flags}" => values.Arguments.Items.SelectMany(item => item.Value switch
        {
            Value.Boolean { Content: true } => [$"--{item.Key}"],
            Value.Boolean => Array.Empty<string>(),
            var other => [$"--{item.Key}={PythonText.Str(other)}"],
        }),
        "${args_json}" => [PythonText.Json(values.Arguments)],
        "${args_json_file}" => [values.JsonFile],
        _ => [entry],
    };

    private static IEnumerable<string> Each(CommandValues values, Func<string, string, IEnumerable<string>> write) =>
        values.Arguments.Items.SelectMany(item => write(item.Key, PythonText.Str(item.Value)));

    [GeneratedRegex(@"^\$\{[^}]*\}\z")]
    private static partial Regex Macro();

    [GeneratedRegex(@"^\$\{envvar:[A-Z0-9_]+\}\z")]
    private static partial Regex WholeVariable();

    [GeneratedRegex(@"\$\{envvar:([A-Z0-9_]*)\}")]
    private static partial Regex Variables();
}

/// <summary>The values of the macros of a command.</summary>
/// <param name="Env"><c>/usr/bin/env</c>; empty on Windows.</param>
/// <param name="Interpreter">The Python interpreter.</param>
/// <param name="Program">The program's file, or null.</param>
/// <param name="Arguments">The configuration, see <see cref="ProgramCommand.Arguments"/>.</param>
/// <param name="JsonFile">The path of the file with the configuration as JSON.</param>
/// <param name="Variable">Reads an environment variable of the node. If it returns null, the name replaces the macro, as at W&amp;B.</param>
public sealed record CommandValues(
    IReadOnlyList<string> Env, string Interpreter, string? Program, Value.Map Arguments, string JsonFile, Func<string, string?> Variable);
