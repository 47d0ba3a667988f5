using Sweeps.Core;
using Sweeps.Spec.Sections;
using Sweeps.Spec.Yaml;

namespace Sweeps.Spec;

/// <summary>A sweep file that was read: the W&amp;B format and our additions (search-semantics 1 and 2).</summary>
/// <param name="Spec">What it says.</param>
/// <param name="FileName">How it was named.</param>
/// <param name="Warnings">What works, but perhaps not as its author thinks.</param>
/// <param name="Places">Where each parameter, by full name, and each top-level key begins.</param>
public sealed record SweepFile(SweepSpec Spec, string FileName, IReadOnlyList<Note> Warnings, IReadOnlyDictionary<string, Place> Places)
{
    /// <summary>
    /// Reads a sweep file. Pure: the same text and name give the same spec.
    /// </summary>
    /// <param name="text">The whole file, YAML 1.2.</param>
    /// <param name="fileName">Its name, for messages and for the sweep's name when the file gives none.</param>
    /// <exception cref="SweepFileException">The file has mistakes: all of them, each with its place.</exception>
    public static SweepFile Parse(string text, string fileName)
    {
        var notes = new Notes();
        var root = YamlReader.Read(text, notes);
        if (root is null && !notes.HasMistakes)
            notes.Mistake(null, "The file is empty. A sweep needs at least 'method' and 'parameters'.");
        var places = new Dictionary<string, Place>();
        SweepSpec? spec = null;
        if (root is not null && Section.Of(root, "", notes) is { } top)
            spec = TopLevel.Read(top, Path.GetFileNameWithoutExtension(fileName), places);
        return spec is null || notes.HasMistakes
            ? throw new SweepFileException(fileName, notes.Mistakes)
            : new SweepFile(spec, fileName, notes.Warnings, places);
    }
}
