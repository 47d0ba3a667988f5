using Sweeps.Core;
using Sweeps.Files.Yaml;

namespace Sweeps.Files.Sections;

/// <summary>
/// <c>on_best</c> and <c>on_end</c>: a list is a command, a text is the address of a webhook or a command of one word, and a map has one of the two with
/// its limits.
/// </summary>
internal static class HookSection
{
    /// <summary>Returns the hook; null if the key is absent or after a reported mistake.</summary>
    public static Hook? Read(Section top, string key)
    {
        if (top.Take(key) is not { } node)
            return null;
        if (node is not MapNode)
            return node is ScalarNode { Text: var text } && IsAddress(text) ? AtAddress(text, key, node, top) : OfCommand(top, key, key);
        if (Section.Of(node, key, top.Diagnostics) is not { } section)
            return null;
        var (command, url) = (section.Take("command"), section.Take("url"));
        var hook = (command, url) switch
        {
            (not null, null) => OfCommand(section, "command", key),
            (null, ScalarNode { Text: var address }) => AtAddress(address, $"{key}.url", url, section),
            (null, not null) => Wrong(section, "url", url),
            (null, null) => Missing(section, key),
            _ => Both(section, key),
        };
        var usual = new Hook();
        var (timeout, folder) = (section.TakeDuration("timeout") ?? usual.Timeout, section.TakeText("folder"));
        var interval = key == Hook.Best ? section.TakeDuration("interval") ?? usual.Interval : usual.Interval;
        section.End();
        return hook is null ? null : hook with { Timeout = timeout, Interval = interval, Folder = folder };
    }

    private static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal);

    private static Hook? AtAddress(string text, string path, Node node, Section section)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0)
            return new Hook { Url = url };
        section.Diagnostics.Mistake(node.Location, $"'{path}' must be an address such as https://example.org/hook; received '{text}'.");
        return null;
    }

    private static Hook? OfCommand(Section section, string name, string key)
    {
        if (section.TakeTexts(name) is not { } words)
            return null;
        if (words is [var line] && section.Take(name) is ScalarNode && line.Any(char.IsWhiteSpace))
        {
            section.Mistake(name, $"'{section.Full(name)}' is a command of one text with spaces. Write its words as a list: {key}: [{string.Join(", ", line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}]; for a shell: {key}: [sh, -c, '…'].");
            return null;
        }
        if (words[0].Length > 0)
            return new Hook { Command = words };
        section.Mistake(name, $"'{section.Full(name)}' names no command.");
        return null;
    }

    private static Hook? Wrong(Section section, string key, Node node)
    {
        section.Wrong(key, node, "an address such as https://example.org/hook");
        return null;
    }

    private static Hook? Missing(Section section, string key)
    {
        section.Mistake(null, $"'{key}' needs a command or an address: {key}: {{command: [sh, notify.sh]}} or {key}: {{url: https://example.org/hook}}.");
        return null;
    }

    private static Hook? Both(Section section, string key)
    {
        section.Mistake("url", $"'{key}' has both 'command' and 'url'; keep one of them.");
        return null;
    }
}
