using Sweeps.Core;
using Sweeps.Files.Yaml;
using Sweeps.Training;

namespace Sweeps.Files.Sections;

/// <summary><c>trainable</c> and the keys of its kinds: <c>dataset</c>, <c>table</c>, <c>function</c> and others.</summary>
internal static class TrainableSection
{
    private const string Key = "trainable";

    /// <summary>Returns the kind of trainable and its spec; the spec is null after a reported mistake.</summary>
    /// <param name="top">The file.</param>
    /// <param name="stored">Whether the text is from a log. Such a text without the key <c>format</c> has format 1.</param>
    /// <param name="known">The known kinds.</param>
    public static (TrainableDescriptor Kind, TrainableSpec? Spec) Read(Section top, bool stored, IReadOnlyList<TrainableDescriptor> known)
    {
        var format = (int)(top.TakeInteger("format", 1, TrainableSpec.Network.NewestFormat) ?? (stored ? 1 : TrainableSpec.Network.NewestFormat));
        var kind = Named(top, known) ?? known.Skip(1).FirstOrDefault(other => other.SelectedBy(top, stored)) ?? known[0];
        // The keys of programs are not refused beside another trainable: WandbKeys warns about them.
        foreach (var other in known.Where(other => !WandbKeys.Programs.Contains(other.Key)))
            RefuseKey(top, other, other != kind, known);
        return (kind, kind.Read(top, format));
    }

    /// <summary>Returns the kind that <c>trainable</c> names, alone or as the prefix before a colon, as in <c>dotnet:FILE#Type</c>.</summary>
    private static TrainableDescriptor? Named(Section top, IReadOnlyList<TrainableDescriptor> known) =>
        top.Take(Key) is ScalarNode { Text: var text } && known.FirstOrDefault(kind => kind.SelectedByPrefix && text.StartsWith($"{kind.Name}:", StringComparison.Ordinal)) is { } prefixed
            ? prefixed
            : top.TakeNamed(Key, known, descriptor => descriptor.Name);

    /// <summary>The location of the key that says what is trained, or of the file if there is none.</summary>
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
        top.Mistake(owner.Key, $"'{owner.Key}' cannot be used with this 'trainable': {string.Join(", ", known.Select(kind => $"{kind.Name} takes '{kind.Key}'"))}.");
    }
}
