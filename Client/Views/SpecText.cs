using Sweeps.Core;
using Sweeps.Programs;
using Sweeps.Training;

namespace Client.Views;

/// <summary>Short descriptions of a sweep file.</summary>
public static class SpecText
{
    /// <summary><c>40 configurations of fashion-mnist</c></summary>
    public static string Describe(SweepSpec spec) =>
        $"{(spec.RunCap is { } cap ? $"{cap:N0} configurations" : "configurations")} of {Trained(spec.Trainable)}";

    /// <summary><c>2 slots</c></summary>
    public static string Slots(int count) => count == 1 ? "1 slot" : $"{count} slots";

    /// <summary>What is trained, the search method and the rules: <c>glyphs · random · asha 1 3 9 27</c>.</summary>
    public static string Rules(SweepSpec spec) => string.Join(" · ",
        spec.Rules.Select(rule => rule.Summary).Prepend(spec.Method.Name).Prepend(Trained(spec.Trainable)));

    /// <summary>The rules: <c>asha 1 3 9 27 + median</c>, or <c>none</c>.</summary>
    public static string Stopping(SweepSpec spec) => spec.Rules.Count == 0 ? "none" : string.Join(" + ", spec.Rules.Select(rule => rule.Summary));

    /// <summary>The name of what is trained: a data set, a table, a function.</summary>
    public static string Trained(TrainableSpec trainable) => trainable switch
    {
        TrainableSpec.Network { Dataset: var dataset } => string.Join(',', dataset.Split(',').Select(WithoutFolder)),
        TrainableSpec.Table { File: var file } => Path.GetFileName(file),
        TrainableSpec.Function { Name: var name } => name,
        ProgramSpec program => program.Name,
        DotnetSpec dotnet => dotnet.Type,
        _ => trainable.ToString(),
    };

    // Shortens csv:/home/ann/rings.csv#label to csv:rings.csv#label.
    private static string WithoutFolder(string file) => file.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
        ? file[..(colon + 1)] + Path.GetFileName(file[(colon + 1)..])
        : Path.GetFileName(file);
}
