using Engine.Data;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Files.Sections;
using Sweeps.Files.Yaml;
using Sweeps.Training.Networks;

namespace Sweeps.Files;

/// <summary>A sweep file that was read: the W&amp;B format and our additions (docs/sweep-files.md).</summary>
/// <param name="Spec">What it says.</param>
/// <param name="FileName">How it was named.</param>
/// <param name="Warnings">What works, but perhaps not as its author thinks.</param>
/// <param name="Places">Where each parameter begins, by full name, and each of its values: <c>name[0]</c>.</param>
/// <param name="MetricPlace">Where the metric begins, or the file when it names none.</param>
/// <param name="TrainedLocation">Where what is trained is named: the key of the data set, the table or the function, or the file when it names none.</param>
/// <param name="ProgramPlace">Where a program is named although nothing says what is trained here, or null.</param>
public sealed record SweepFile(
    SweepSpec Spec, string FileName, IReadOnlyList<Diagnostic> Warnings, IReadOnlyDictionary<string, SourceLocation> Places, SourceLocation MetricPlace, SourceLocation TrainedLocation,
    SourceLocation? ProgramPlace)
{
    /// <summary>
    /// Reads a sweep file. Pure: the same text and name give the same spec.
    /// </summary>
    /// <param name="text">The whole file, YAML 1.2.</param>
    /// <param name="fileName">Its name, for messages and for the sweep's name when the file gives none.</param>
    /// <param name="rules">The rules that it can name; <see cref="StoppingRules.All"/> when null.</param>
    /// <exception cref="SweepFileException">The file has mistakes: all of them, each with its place.</exception>
    public static SweepFile Parse(string text, string fileName, IReadOnlyList<RuleDescriptor>? rules = null) =>
        Parse(text, fileName, rules, TrainableSpec.Network.NewestFormat);

    /// <summary>The spec of a text that a log keeps: one that does not say its format was written when there was only the first.</summary>
    public static SweepSpec Stored(string text) => Parse(text, "sweep.yaml", rules: null, format: 1).Spec;

    private static SweepFile Parse(string text, string fileName, IReadOnlyList<RuleDescriptor>? rules, int format)
    {
        var diagnostics = new Diagnostics();
        var root = YamlReader.Read(text, diagnostics);
        if (root is null && !diagnostics.HasMistakes)
            diagnostics.Mistake(null, "The file is empty. A sweep needs at least 'method' and 'parameters'.");
        var places = new Dictionary<string, SourceLocation>();
        if (root is not null && Section.Of(root, "", diagnostics) is { } top
            && TopLevel.Read(top, Path.GetFileNameWithoutExtension(fileName), format, places, rules ?? StoppingRules.All) is { } spec && !diagnostics.HasMistakes)
            return new SweepFile(
                spec, fileName, diagnostics.Warnings, places, top.LocationOf("metric"), TrainableSection.LocationOf(top), TrainableSection.ProgramInstead(top));
        throw new SweepFileException(fileName, diagnostics.Mistakes);
    }

    /// <summary>
    /// Makes sure that what is trained knows every name and takes every value, before anything starts. Returns the file with the warnings
    /// that this gives.
    /// </summary>
    /// <exception cref="SweepFileException">It does not: all mistakes, each with its place.</exception>
    public SweepFile Verify()
    {
        var diagnostics = new Diagnostics();
        if (MetricNames.Of(Spec.Trainable) is { } metrics && !metrics.Contains(Spec.Objective.Name))
            diagnostics.Mistake(MetricPlace, $"Nothing reports the metric '{Spec.Objective.Name}'. {DidYouMean.Hint(Spec.Objective.Name, metrics)}");
        // Refused here and not while reading: the logs of earlier sweeps have such files, and they replay.
        if (ProgramPlace is not null)
            diagnostics.Mistake(ProgramPlace, "This names a program, and sweep runs no programs. To train networks of this product with these parameters, "
                + "add a data set, such as 'dataset: fashion-mnist'; to search recorded curves or a function, add 'table' or 'function'.");
        if (Spec.Trainable is TrainableSpec.Network { Dataset: var dataset } && !dataset.Contains(':', StringComparison.Ordinal) && !DatasetCatalog.Names.Contains(dataset))
            diagnostics.Mistake(TrainedLocation, $"There is no data set '{dataset}'. {DidYouMean.Hint(dataset, [.. DatasetCatalog.Names, "idx:FOLDER", "csv:FILE#COLUMN", "features:MODEL@NAME"])}");
        if (Spec.Trainable is TrainableSpec.Network)
            NetworkCheck.Run(this, diagnostics);
        else
            SimulationCheck.Run(Spec, diagnostics);
        return diagnostics.HasMistakes
            ? throw new SweepFileException(FileName, diagnostics.Mistakes)
            : this with { Warnings = [.. Warnings, .. diagnostics.Warnings] };
    }
}
