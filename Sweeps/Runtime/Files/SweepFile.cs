using Engine;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Files.Sections;
using Sweeps.Files.Yaml;
using Sweeps.Training;

namespace Sweeps.Files;

/// <summary>A parsed sweep file: the W&amp;B format and this product's additions (docs/sweep-files.md).</summary>
/// <param name="Spec">The sweep that the file describes.</param>
/// <param name="FileName">The name of the file in messages.</param>
/// <param name="Keys">The top-level keys of the file.</param>
/// <param name="Trainable">The kind of what is trained.</param>
/// <param name="Warnings">What is accepted but may not be intended.</param>
/// <param name="Locations">The location of each parameter by full name, and of each of its values: <c>name[0]</c>.</param>
/// <param name="MetricLocation">The location of <c>metric</c>, or of the file without it.</param>
/// <param name="TrainedLocation">The location of the key that says what is trained, or of the file without one.</param>
/// <param name="ProgramLocation">The location of a container or job of W&amp;B in a file that does not say what is trained; else null.</param>
public sealed record SweepFile(
    SweepSpec Spec, string FileName, IReadOnlySet<string> Keys, TrainableDescriptor Trainable, IReadOnlyList<Diagnostic> Warnings,
    IReadOnlyDictionary<string, SourceLocation> Locations, SourceLocation MetricLocation, SourceLocation TrainedLocation, SourceLocation? ProgramLocation)
{
    private bool verified;

    /// <summary>Whether only the nodes of a cluster need the program or library of the file, so that it may be missing on this machine. Default: false.</summary>
    public bool Elsewhere { get; init; }

    /// <summary>Parses a sweep file. The same text and name give the same spec.</summary>
    /// <param name="text">The whole file, YAML 1.2.</param>
    /// <param name="fileName">The file's name, for messages and as the default name of the sweep.</param>
    /// <param name="rules">The known rules; null for <see cref="StoppingRules.All"/>.</param>
    /// <param name="trainables">The known kinds of trainables; null for <see cref="TrainableFactory.All"/>.</param>
    /// <param name="methods">The known methods; null for <see cref="SearchMethod.All"/>.</param>
    /// <exception cref="SweepFileException">The file has mistakes; the exception has all of them.</exception>
    public static SweepFile Parse(
        string text, string fileName, IReadOnlyList<RuleDescriptor>? rules = null, IReadOnlyList<TrainableDescriptor>? trainables = null,
        IReadOnlyList<SearchMethod>? methods = null) =>
        Parse(text, fileName, methods ?? SearchMethod.All, rules ?? StoppingRules.All, trainables ?? TrainableFactory.All, stored: false);

    /// <summary>Parses a text from a log. A text without <c>format</c> has format 1, because texts of later formats have the key.</summary>
    public static SweepSpec Stored(string text) => Parse(text, "sweep.yaml", SearchMethod.All, StoppingRules.All, TrainableFactory.All, stored: true).Spec;

    private static SweepFile Parse(
        string text, string fileName, IReadOnlyList<SearchMethod> methods, IReadOnlyList<RuleDescriptor> rules,
        IReadOnlyList<TrainableDescriptor> trainables, bool stored)
    {
        var diagnostics = new Diagnostics();
        var root = YamlReader.Read(text, diagnostics);
        if (root is null && !diagnostics.HasMistakes)
            diagnostics.Mistake(null, "The file is empty. A sweep needs at least 'method' and 'parameters'.");
        var locations = new Dictionary<string, SourceLocation>();
        if (root is not null && Section.Of(root, "", diagnostics) is { } top
            && TopLevel.Read(top, Path.GetFileNameWithoutExtension(fileName), stored, locations, methods, rules, trainables) is var (spec, trainable)
            && !diagnostics.HasMistakes)
            return new SweepFile(
                spec, fileName, top.Keys, trainable, diagnostics.Warnings, locations, top.LocationOf("metric"),
                TrainableSection.LocationOf(top, trainables), TrainableSection.ProgramInstead(top, trainables));
        throw new SweepFileException(fileName, diagnostics.Mistakes);
    }

    /// <summary>
    /// Checks the ranges of the parameters, the metric and its target, and that the trainable accepts every parameter and value. Returns the file with the
    /// warnings of the check. A file that this method returned is not checked again.
    /// </summary>
    /// <exception cref="SweepFileException">The file has mistakes; the exception has all of them.</exception>
    public SweepFile Verify()
    {
        if (verified)
            return this;
        var diagnostics = new Diagnostics();
        if (Trainable.Metrics is { } metrics && !Trainable.HasMetric(Spec.Objective.Name))
            diagnostics.Mistake(MetricLocation, $"Nothing reports the metric '{Spec.Objective.Name}'. {DidYouMean.Hint(Spec.Objective.Name, metrics)}");
        // Parse must accept such a file, because logs of earlier sweeps contain them.
        if (ProgramLocation is not null)
            diagnostics.Mistake(ProgramLocation, "This names a container or a job of W&B Launch, which sweep does not run. To run a program, name it: 'program: train.py'; "
                + "to train networks of this product with these parameters, add a data set, such as 'dataset: fashion-mnist'.");
        foreach (var parameter in Spec.Space.Parameters)
            RangeCheck.Run(parameter, Locations.TryGetValue(parameter.Name, out var location) ? location : null, diagnostics);
        MetricCheck.Run(this, diagnostics);
        Trainable.Check(this, diagnostics);
        return diagnostics.HasMistakes
            ? throw new SweepFileException(FileName, diagnostics.Mistakes)
            : this with { Warnings = [.. Warnings, .. diagnostics.Warnings], verified = true };
    }
}
