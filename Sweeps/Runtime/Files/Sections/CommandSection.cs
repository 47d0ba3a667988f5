using System.Text.RegularExpressions;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary><c>command</c>: W&amp;B's command line. It has no effect here, but a misspelt macro would break the file there.</summary>
internal static partial class CommandSection
{
    private static readonly string[] Macros =
    [
        "${env}", "${interpreter}", "${program}", "${args}", "${args_no_equals}", "${args_no_hyphens}", "${args_no_boolean_flags}",
        "${args_append_hydra}", "${args_override_hydra}", "${args_json}", "${args_json_file}", "${envvar:NAME}",
    ];

    /// <summary>Diagnostics entries that are not texts, and unknown macros: an entry is a macro only as a whole.</summary>
    public static void Check(Node? command, Diagnostics diagnostics)
    {
        if (command is null or ScalarNode)
            return;
        if (command is not ListNode list)
        {
            diagnostics.Mistake(command.Location, $"'command' must be a list of texts; received {command.Kind}.");
            return;
        }
        foreach (var item in list.Items)
        {
            if (item is not ScalarNode scalar)
                diagnostics.Mistake(item.Location, $"An entry of 'command' must be a text; received {item.Kind}.");
            else if (Whole().IsMatch(scalar.Text) && !Macros.Contains(scalar.Text) && !Variable().IsMatch(scalar.Text))
                diagnostics.Mistake(scalar.Location, $"Unknown macro '{scalar.Text}'. {DidYouMean.Hint(scalar.Text, Macros)}");
        }
    }

    [GeneratedRegex(@"^\$\{[^}]*\}\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\$\{envvar:[A-Z0-9_]+\}\z")]
    private static partial Regex Variable();
}
