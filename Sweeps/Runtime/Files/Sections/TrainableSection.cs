using Sweeps.Core;
using Sweeps.Files.Yaml;
using Sweeps.Training;

namespace Sweeps.Files.Sections;

/// <summary><c>trainable</c> and the keys of its kinds, such as <c>dataset</c>, <c>table</c> and <c>function</c>.</summary>
internal static class TrainableSection
{
    private const string Key = "trainable";

    /// <summary>The kind of trainable and its spec; the spec is null after a reported mistake.</summary>
    /// <param name="top">The file.</param>
    /// <param name="stored">Whether the text is that of a log: without the key <c>format</c> it is of format 1.</param>
    /// <param name="known">The known kinds.</param>
    public static (TrainableDescriptor Kind, TrainableSpec? Spec) Read(Section top, bool stored, IReadOnlyList<TrainableDescriptor> known)
    {
        var format = (int)(top.TakeInteger("format", 1, TrainableSpec.Network.NewestFormat) ?? (stored ? 1 : TrainableSpec.Network.NewestFormat));
        var kind = Named(top, known) ?? known.Skip(1).FirstOrDefault(other => other.SelectedBy(top, stored)) ?? known[0];
        // A program beside something else that is trained has a warning instead (WandbKeys).
        foreach (var other in known.Where(other => !WandbKeys.Programs.Contains(other.Key)))
            RefuseKey(top, other, other != kind, known);
        return (kind, kind.Read(top, format));
    }

    /// <summary>The kind that <c>trainable</c> names, by its name or, as in <c>dotnet:FILE#Type</c>, with what it trains after a colon.</summary>
    private static TrainableDescriptor? Named(Section top, IReadOnlyList<TrainableDescriptor> known) =>
        top.Take(Key) is ScalarNode { Text: var text } && known.FirstOrDefault(kind => kind.SelectedByPrefix && text.StartsWith($"{kind.Name}:", StringComparison.Ordinal)) is { } prefixed
            ? prefixed
            : top.TakeNamed(Key, known, descriptor => descriptor.Name);

    /// <summary>The location of the key that says what is trained, or of the file when there is none.</summary>
    public static SourceLocation LocationOf(Section top, IReadOnlyList<TrainableDescriptor> known) =>
        top.LocationOf(Keys(known).FirstOrDefault(top.Has) ?? "");

    /// <summary>The location of the first key that names a container or a job of W&amp;B, in a file that does not say what is trained; else null.</summary>
    public static SourceLocation? ProgramInstead(Section top, IReadOnlyList<TrainableDescriptor> known) =>
        !Keys(known).Any(top.Has) && WandbKeys.Programs.FirstOrDefault(top.Has) is { } program ? top.LocationOf(program) : null;

    private static IEnumerable<string> Keys(IReadOnlyList<TrainableDescriptor> known) => known.SelectMany(kind => kind.Keys).Append(Key);

    private static void RefuseKey(Section top, TrainableDescriptor owner, bool refused, IReadOnlyList<TrainableDescriptor> known)
    {
        top.Know(owner.Key);
        if (!refused || !top.Has(owner.Key))
            return;
        top.Take(owner.Key);
        top.Mistake(owner.Key, $"'{owner.Key}' does not go with this 'trainable': {string.Join(", ", known.Select(kind => $"{kind.Name} takes '{kind.Key}'"))}.");
    }
}
