using Engine;
using Sweeps.Files.Yaml;
using Sweeps.Programs;
using Sweeps.Training;

namespace Sweeps.Files.Sections;

/// <summary>
/// The keys of W&amp;B that this product does not use. Most have no effect and give a warning. Keys that would change the meaning of the sweep, and a
/// <c>command</c> that W&amp;B would refuse, are mistakes.
/// </summary>
internal static class WandbKeys
{
    private static readonly string[] Labels = ["project", "entity", "apiVersion", "kind", "controller"];

    /// <summary>The keys with which a W&amp;B file names the program that it runs.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["program", "command", "job", "image_uri"];

    /// <summary>Takes the keys and reports those that have no effect or are wrong in a file with this kind of trainable.</summary>
    public static void Read(Section top, TrainableDescriptor kind)
    {
        foreach (var key in (string[])["metrics", "scheduler"])
            if (top.Has(key))
            {
                top.Take(key);
                top.Mistake(key, $"'{key}' belongs to W&B's custom schedulers and would change what the sweep means: it is not supported. Remove it, and name one 'metric'.");
            }
        var programs = Programs.Where(top.Has).Except(kind.Keys).ToArray();
        if (programs.Contains("command"))
            CheckCommand(top.Take("command"), top.Diagnostics);
        var labels = Labels.Where(top.Has).ToArray();
        foreach (var key in programs.Concat(labels))
            top.Take(key);
        if (programs.Length > 0)
            top.Warn(programs[0], $"{string.Join(", ", programs.Select(key => $"'{key}'"))}: read for W&B, without effect here: "
                + (kind.Keys.Contains("program") ? "the runs are those of 'program'." : $"'{kind.Key}' says what is trained. To run the program, remove that key."));
        if (labels.Length > 0)
            top.Warn(labels[0], $"Accepted for W&B, without effect here: {string.Join(", ", labels)}.");
    }

    /// <summary>Reports entries of <c>command</c> that are not texts, and unknown macros. A macro must be a whole entry.</summary>
    private static void CheckCommand(Node? command, Diagnostics diagnostics)
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
            else if (ProgramCommand.IsUnknownMacro(scalar.Text))
                diagnostics.Mistake(scalar.Location, $"Unknown macro '{scalar.Text}'. {DidYouMean.Hint(scalar.Text, ProgramCommand.Macros)}");
        }
    }
}
