using Engine.Data;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Spec.Sections;
using Sweeps.Spec.Yaml;
using Sweeps.Training.Networks;

namespace Sweeps.Spec;

/// <summary>A sweep file that was read: the W&amp;B format and our additions (search-semantics 1 and 2).</summary>
/// <param name="Spec">What it says.</param>
/// <param name="FileName">How it was named.</param>
/// <param name="Warnings">What works, but perhaps not as its author thinks.</param>
/// <param name="Places">Where each parameter begins, by full name, and each of its values: <c>name[0]</c>.</param>
/// <param name="MetricPlace">Where the metric begins, or the file when it names none.</param>
/// <param name="TrainedPlace">Where what is trained is named: the key of the data set, the table or the function, or the file when it names none.</param>
/// <param name="ProgramPlace">Where a program is named although nothing says what is trained here, or null.</param>
public sealed record SweepFile(
    SweepSpec Spec, string FileName, IReadOnlyList<Note> Warnings, IReadOnlyDictionary<string, Place> Places, Place MetricPlace, Place TrainedPlace,
    Place? ProgramPlace)
{
    /// <summary>
    /// Reads a sweep file. Pure: the same text and name give the same spec.
    /// </summary>
    /// <param name="text">The whole file, YAML 1.2.</param>
    /// <param name="fileName">Its name, for messages and for the sweep's name when the file gives none.</param>
    /// <param name="rules">The rules that it can name; <see cref="StoppingRules.All"/> when null.</param>
    /// <exception cref="SweepFileException">The file has mistakes: all of them, each with its place.</exception>
    public static SweepFile Parse(string text, string fileName, IReadOnlyList<RuleDescriptor>? rules = null)
    {
        var notes = new Notes();
        var root = YamlReader.Read(text, notes);
        if (root is null && !notes.HasMistakes)
            notes.Mistake(null, "The file is empty. A sweep needs at least 'method' and 'parameters'.");
        var places = new Dictionary<string, Place>();
        if (root is not null && Section.Of(root, "", notes) is { } top
            && TopLevel.Read(top, Path.GetFileNameWithoutExtension(fileName), places, rules ?? StoppingRules.All) is { } spec && !notes.HasMistakes)
            return new SweepFile(
                spec, fileName, notes.Warnings, places, top.PlaceOf("metric"), TrainableSection.PlaceOf(top), TrainableSection.ProgramInstead(top));
        throw new SweepFileException(fileName, notes.Mistakes);
    }

    /// <summary>
    /// Makes sure that what is trained knows every name and takes every value, before anything starts. Returns the file with the warnings
    /// that this gives.
    /// </summary>
    /// <exception cref="SweepFileException">It does not: all mistakes, each with its place.</exception>
    public SweepFile Verify()
    {
        var notes = new Notes();
        if (MetricNames.Of(Spec.Trainable) is { } metrics && !metrics.Contains(Spec.Objective.Name))
            notes.Mistake(MetricPlace, $"Nothing reports the metric '{Spec.Objective.Name}'. {Nearest.Hint(Spec.Objective.Name, metrics)}");
        // Refused here and not while reading: the logs of earlier sweeps have such files, and they replay.
        if (ProgramPlace is not null)
            notes.Mistake(ProgramPlace, "This names a program, and sweep runs no programs. To train networks of this product with these parameters, "
                + "add a data set, such as 'dataset: fashion-mnist'; to search recorded curves or a function, add 'table' or 'function'.");
        if (Spec.Trainable is TrainableSpec.Network { Dataset: var dataset } && !dataset.Contains(':', StringComparison.Ordinal) && !DatasetCatalog.Names.Contains(dataset))
            notes.Mistake(TrainedPlace, $"There is no data set '{dataset}'. {Nearest.Hint(dataset, [.. DatasetCatalog.Names, "idx:FOLDER", "csv:FILE#COLUMN", "features:MODEL@NAME"])}");
        if (Spec.Trainable is TrainableSpec.Network)
            NetworkCheck.Run(this, notes);
        else
            SimulationCheck.Run(Spec, notes);
        return notes.HasMistakes
            ? throw new SweepFileException(FileName, notes.Mistakes)
            : this with { Warnings = [.. Warnings, .. notes.Warnings] };
    }
}
