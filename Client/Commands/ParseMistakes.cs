using System.CommandLine;
using System.CommandLine.Parsing;
using Engine;
using Sweeps.Files;

namespace Client.Commands;

/// <summary>
/// Describes the first error of a command line in one sentence. Replaces the messages of System.CommandLine, which name .NET types and do
/// not name a missing argument, and finds misspelt options that the parser accepts as values of an argument.
/// </summary>
public static class ParseMistakes
{
    /// <summary>The first error, or null when there is none.</summary>
    public static string? Of(ParseResult parse)
    {
        // Misspelt options and commands are reported first, because the parser misinterprets the tokens that follow them.
        if (Words(parse).FirstOrDefault(token => token.Length > 1 && token[0] == '-' && !double.TryParse(token, out _)) is { } option)
            return $"There is no option '{option}'.{Meant(option, OptionNames(parse.CommandResult))}";
        if (OptionAsValue(parse) is var (before, missing))
            return $"{before} needs a value, and there is no option '{missing}'.{Meant(missing, OptionNames(parse.CommandResult))}";
        if (parse.UnmatchedTokens.Count > 0)
            return Unmatched(parse.CommandResult.Command, parse.UnmatchedTokens[0]);
        return parse.Errors.Count > 0 ? Describe(parse.Errors[0]) : UnusedOption(parse);
    }

    /// <summary>An option whose value looks like an option: a misspelt option after an option without its value.</summary>
    private static (string Option, string Value)? OptionAsValue(ParseResult parse)
    {
        foreach (var option in parse.CommandResult.Children.OfType<OptionResult>())
            if (option.Tokens.FirstOrDefault(token => token.Value.Length > 2 && token.Value.StartsWith("--", StringComparison.Ordinal)) is { } value)
                return (option.IdentifierToken?.Value ?? option.Option.Name, value.Value);
        return null;
    }

    /// <summary>Describes an option that the command would ignore; null when there is none.</summary>
    private static string? UnusedOption(ParseResult parse)
    {
        if (parse.CommandResult.Command is not SweepCommand command)
            return null;
        var given = GlobalOptions.Sources.Where(source => GlobalOptions.Given(parse, source.Option)).ToList();
        foreach (var (option, kind) in given)
            if (!command.Sources.HasFlag(kind))
                return kind == SourceKinds.Store && command.Sources.HasFlag(SourceKinds.Cluster)
                    ? $"A store is read-only. {command.Name} needs the silos: give --cluster address:port, the gateway of one, instead of --store."
                    : $"{option.Name} has no effect on {command.Name}: leave it out.";
        if (given.Count > 1)
            return $"{string.Join(" and ", given.Select(one => one.Option.Name))} name different places: give one of them.";
        return GlobalOptions.LocationOf(parse, GlobalOptions.Cluster, "SWEEP_CLUSTER") is { } gateways
            && command.LocalOptions.FirstOrDefault(option => GlobalOptions.Given(parse, option)) is { } local
            ? $"{local.Name} has no effect on the cluster at {gateways}, whose silos have their own: leave it out."
            : null;
    }

    /// <summary>
    /// The tokens that the parser did not treat as options: arguments, unmatched tokens and the values of options that take several, up to
    /// a double dash.
    /// </summary>
    private static IEnumerable<string> Words(ParseResult parse)
    {
        var literal = parse.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        var arguments = parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens);
        var unmatched = parse.Tokens.Where(token => parse.UnmatchedTokens.Contains(token.Value));
        var values = parse.CommandResult.Children.OfType<OptionResult>().Where(option => option.Option.AllowMultipleArgumentsPerToken)
            .SelectMany(option => option.Tokens);
        return arguments.Concat(values).Concat(unmatched).Where(token => !literal.Contains(token)).Select(token => token.Value);
    }

    private static string Unmatched(Command command, string word) =>
        command.Options.Any(option => option.Name == "--set") && word.Contains('=', StringComparison.Ordinal)
        ? $"'{word}' is one argument too many. To set a parameter: --set {word}"
        : command.Subcommands.Count > 0
        ? $"There is no command '{word}'.{Meant(word, [.. command.Subcommands.Select(one => one.Name)])}"
        : $"'{word}' is one argument too many: {command.Name} takes {(command.Arguments.Count == 0 ? "none" : string.Join(" ", command.Arguments.Select(argument => argument.Name)))}.";

    private static string Describe(ParseError error)
    {
        var option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        return (option, error.SymbolResult) switch
        {
            ({ IdentifierToken: null, Option: var missing }, _) => $"{missing.Name} {missing.HelpName} is missing. {missing.Description}",
            ({ Tokens.Count: 0 } empty, _) => $"{empty.IdentifierToken} needs a value: {empty.Option.HelpName ?? Expected(empty.Option.ValueType)}.",
            ({ Tokens.Count: > 1, Option.Arity.MaximumNumberOfValues: 1 } twice, _) =>
                $"{twice.Option.Name}: {string.Join(", ", twice.Tokens)} are {twice.Tokens.Count} values; expected one.",
            ({ } wrong, _) => $"{wrong.IdentifierToken} {wrong.Tokens[^1]}: expected {Expected(wrong.Option.ValueType)}.",
            (_, ArgumentResult { Tokens.Count: 0, Argument: var missing }) => $"The argument '{missing.Name}' is missing. {missing.Description}",
            (_, ArgumentResult wrong) => $"{wrong.Argument.Name} '{wrong.Tokens[^1]}': expected {Expected(wrong.Argument.ValueType)}.",
            (_, CommandResult { Command: { Subcommands.Count: > 0 } group }) => $"Say what to do: {string.Join(", ", group.Subcommands.Select(one => $"{group.Name} {one.Name}"))}.",
            _ => error.Message,
        };
    }

    private static string Expected(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } words => string.Join(" or ", Enum.GetNames(words)).ToLowerInvariant(),
        var number when number == typeof(int) => $"a whole number, at most {int.MaxValue}",
        var number when number == typeof(long) => "a whole number",
        _ => "a text",
    };

    private static string Meant(string word, IReadOnlyCollection<string> names) =>
        DidYouMean.To(word, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    private static List<string> OptionNames(CommandResult command)
    {
        var names = command.Command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).ToList();
        for (var above = command.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
            names.AddRange(above.Command.Options.Where(option => option.Recursive).Select(option => option.Name));
        return names;
    }
}
